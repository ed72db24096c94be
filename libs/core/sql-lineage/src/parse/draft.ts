import type { LexRules } from '../dialects.js';
import { Words } from './words.js';

/** A part of a rewritten text: words that were put there, or a part of the text before. */
export type Piece = string | Range;

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Text to be put in the place of a part; an empty part is a place to insert at. */
export interface Edit extends Range {
  readonly put: string;
}

/** What a rewrite could not carry over, and where it stood. */
export interface Remark extends Range {
  readonly code: string;
  readonly message: string;
}

/** The pieces of a text in which some parts, given in their order, are replaced. */
export function edited(text: string, edits: readonly Edit[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end, put } of edits) {
    pieces.push({ start: at, end: start }, put);
    at = end;
  }
  return [...pieces, { start: at, end: text.length }];
}

/** Blanks in the place of a part, so that what follows keeps its offset. */
export const blanked = (text: string, { start, end }: Range): Edit => ({
  start,
  end,
  put: text.slice(start, end).replace(/\S/g, ' '),
});

interface Step {
  /** Where the piece begins in the new text. */
  readonly at: number;
  readonly piece: Piece;
}

/**
 * A statement on its way to the parser: the text as it is now, and where each part of it stood in the script. Rewrites may move,
 * repeat and lengthen; places are still those of the original.
 */
export class Draft {
  private taken: Words | undefined;

  private constructor(
    readonly text: string,
    readonly remarks: readonly Remark[],
    private readonly steps: readonly Step[],
    private readonly before: Draft | undefined,
  ) {}

  static of(text: string): Draft {
    return new Draft(text, [], [], undefined);
  }

  /** Its words; taken apart once, for all that look at them. */
  words(lex: LexRules): Words {
    return (this.taken ??= new Words(this.text, lex));
  }

  /** The next draft. Remarks have places in the text of this one. */
  rewritten(pieces: readonly Piece[], remarks: readonly Remark[] = []): Draft {
    const steps: Step[] = [];
    let text = '';
    for (const piece of pieces) {
      steps.push({ at: text.length, piece });
      text += typeof piece === 'string' ? piece : this.text.slice(piece.start, piece.end);
    }
    const placed = remarks.map((remark) => ({
      ...remark,
      start: this.original(remark.start),
      end: this.original(remark.end),
    }));
    return new Draft(text, [...this.remarks, ...placed], steps, this);
  }

  /** Where an offset of this text stood in the original. Inside words that were put: where they were put. */
  original(offset: number): number {
    if (!this.before) return offset;
    return this.before.original(this.previous(offset));
  }

  private previous(offset: number): number {
    let low = 0;
    let high = this.steps.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.steps[middle]?.at ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const step = this.steps[low];
    if (!step) return offset;
    if (typeof step.piece !== 'string') return Math.min(step.piece.start + offset - step.at, step.piece.end);
    return this.neighbour(low);
  }

  /** Where the nearest part of the original is, before words that were put or, at the beginning, behind them. */
  private neighbour(at: number): number {
    for (let index = at - 1; index >= 0; index--) {
      const piece = this.steps[index]?.piece;
      if (piece !== undefined && typeof piece !== 'string') return piece.end;
    }
    const next = this.steps.find(({ piece }) => typeof piece !== 'string')?.piece;
    return next === undefined || typeof next === 'string' ? 0 : next.start;
  }
}
