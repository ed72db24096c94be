import { InvalidInput } from '#kernel';

/** A text that is not what it should be; says where. */
export class Unreadable extends InvalidInput {
  constructor(
    readonly problem: string,
    /** Offset in the text of the file. */
    readonly offset: number,
    /** Which file it is, of several that belong together. */
    readonly part?: string,
  ) {
    super(problem);
  }
}
