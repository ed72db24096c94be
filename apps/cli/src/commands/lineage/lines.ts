/** One line of a stream, without its end. `text` is undefined when it is not UTF-8 or too long. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string | undefined;
}

const NEWLINE = 10;
/** A line may be as long as a script may sensibly be. */
const LONGEST_BYTES = 256 * 1024 * 1024;

/**
 * The lines of a stream of bytes, ended by a line feed. (`readline` also ends them at U+2028, which may stand in JSON, and reads ahead
 * without limit.)
 */
export async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let bytes = 0;
  let number = 0;
  const finished = (): Line => {
    const text = bytes > LONGEST_BYTES ? undefined : decoded(Buffer.concat(parts));
    parts = [];
    bytes = 0;
    return { number: ++number, text };
  };
  const take = (part: Buffer) => {
    bytes += part.length;
    // What is too long is counted, but not kept.
    if (bytes <= LONGEST_BYTES) parts.push(part);
    else parts = [];
  };
  for await (const chunk of stream) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      take(chunk.subarray(from, at));
      yield finished();
      from = at + 1;
    }
    if (from < chunk.length) take(chunk.subarray(from));
  }
  if (bytes > 0) yield finished();
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
