import type { Place } from '#core/sql-lineage';

/** The lines of a text. */
export class Places {
  private readonly starts: number[] = [0];

  constructor(private readonly text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  /** A part of the text with its line. Ends outside of the text are brought in. */
  of(start: number, end = start): Place {
    const from = Math.min(Math.max(0, start), this.text.length);
    return { start: from, end: Math.max(from, Math.min(end, this.text.length)), line: this.lineOf(from) };
  }

  get whole(): Place {
    return this.of(0, this.text.length);
  }

  private lineOf(offset: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}
