import type { Value } from '../text/value.js';

interface Piece {
  /** Offset in the composed text. */
  readonly from: number;
  readonly at: (offset: number) => number;
}

/** SQL that is put together of pieces of a file, each of which knows where it stood. */
export class Composed {
  text = '';
  private readonly pieces: Piece[] = [];

  /** Words of ours stand where the piece before them ended. */
  own(text: string): this {
    const before = this.pieces.at(-1);
    const length = this.text.length;
    const end = before ? before.at(length - before.from) : 0;
    this.pieces.push({ from: length, at: () => end });
    this.text += text;
    return this;
  }

  piece(value: Value, text = value.text ?? ''): this {
    this.pieces.push({ from: this.text.length, at: value.at });
    this.text += text;
    return this;
  }

  readonly at = (offset: number): number => {
    const piece = this.pieces.findLast(({ from }) => from <= offset);
    return piece ? piece.at(offset - piece.from) : 0;
  };
}
