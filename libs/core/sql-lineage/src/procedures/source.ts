import type { Lines } from '../split/lines.js';
import type { StatementText } from '../split/split.js';
import type { Place } from '../types.js';
import type { Range, Step } from './step.js';

/** A text that code is read from: the script, or the text of dynamic SQL, and where it stands in the script. */
export class Source {
  private constructor(
    readonly text: string,
    private readonly lines: Lines,
    private readonly base: number,
    private readonly whole: Range | undefined,
  ) {}

  static script(text: string, lines: Lines): Source {
    return new Source(text, lines, 0, undefined);
  }

  /** A text that stands in the script as it is, from `base` on. */
  static within(text: string, lines: Lines, base: number): Source {
    return new Source(text, lines, base, undefined);
  }

  /** A text that was put together: all its places are that of what it was put together from. */
  static from(text: string, lines: Lines, whole: Range): Source {
    return new Source(text, lines, 0, whole);
  }

  /** True when a place in the text says where it is in the script. */
  get exact(): boolean {
    return this.whole === undefined;
  }

  slice({ start, end }: Range): string {
    return this.text.slice(start, end);
  }

  place({ start, end }: Range): Place {
    const range = this.whole ?? { start: start + this.base, end: end + this.base };
    return { ...range, line: this.lines.of(range.start) };
  }

  statement(range: Range, text = this.slice(range), code?: Step): StatementText {
    const same = this.exact && text.length === range.end - range.start;
    return { ...this.place(range), text, ...(!same && { elsewhere: true as const }), ...(code && { code }) };
  }
}
