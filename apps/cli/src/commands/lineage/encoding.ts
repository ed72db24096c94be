/** Text from bytes, with the encoding it was read in. */
export interface Decoded {
  readonly text: string;
  readonly encoding: string;
  /** What a person should know of how it was read. */
  readonly remark?: string;
}

const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** Whether there is an encoding of this name (`gbk`, `GB18030`, `utf-16le`, `big5` …). */
export function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

/**
 * Reads bytes as text: in the encoding of the byte order mark, else the given one, else UTF-16 by its zero bytes, else UTF-8, else GB18030 (of
 * which GBK and GB 2312 are parts) with a remark.
 */
export function decode(bytes: Uint8Array, wanted?: string): Decoded {
  const marked = MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];
  if (marked !== undefined) {
    const unmarked = wanted ?? 'gb18030';
    // Some tools put UTF-8's mark before what is GBK.
    const misled = marked === 'utf-8' && strictly(bytes, marked) === undefined;
    const text = misled ? strictly(bytes.subarray(3), unmarked) : undefined;
    if (text === undefined) return inEncoding(bytes, marked);
    return {
      text,
      encoding: unmarked,
      remark: `has the mark of UTF-8 but is not UTF-8, and was read as ${unmarked}; --encoding names another`,
    };
  }
  if (wanted !== undefined) return inEncoding(bytes, wanted);
  const wide = utf16(bytes);
  if (wide !== undefined)
    return { ...inEncoding(bytes, wide), remark: `has no byte order mark and was read as ${wide}` };
  const utf8 = strictly(bytes, 'utf-8');
  if (utf8 !== undefined) return { text: utf8, encoding: 'utf-8' };
  const chinese = strictly(bytes, 'gb18030');
  if (chinese !== undefined)
    return {
      text: chinese,
      encoding: 'gb18030',
      remark: 'is not UTF-8 and was read as GB18030; --encoding names another',
    };
  return {
    text: new TextDecoder('utf-8').decode(bytes),
    encoding: 'utf-8',
    remark: 'is neither UTF-8 nor GB18030; bytes that mean nothing are shown as \ufffd. Is it text?',
  };
}

function inEncoding(bytes: Uint8Array, encoding: string): Decoded {
  const text = strictly(bytes, encoding);
  if (text !== undefined) return { text, encoding };
  return {
    text: new TextDecoder(encoding).decode(bytes),
    encoding,
    remark: `has bytes that mean nothing in ${encoding}; they are shown as \ufffd`,
  };
}

function strictly(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** UTF-16 without a mark: SQL is mostly ASCII, so that every other byte is zero. */
function utf16(bytes: Uint8Array): string | undefined {
  const looked = Math.min(bytes.length, 4096) & ~1;
  if (looked < 4) return undefined;
  const zeros = [0, 0];
  for (let at = 0; at < looked; at++) if (bytes[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const share = (odd: number) => (zeros[odd] ?? 0) / (looked / 2);
  if (share(1) > 0.5 && share(0) < 0.1) return 'utf-16le';
  if (share(0) > 0.5 && share(1) < 0.1) return 'utf-16be';
  return undefined;
}
