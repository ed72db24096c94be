import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';

import iconv from 'iconv-lite';

import { type FileFormat } from './file-format.js';
import { type FilesSettings } from './settings.js';

/** How a text file is written. */
export type Encoding = Exclude<FilesSettings['encoding'], 'auto'>;

interface Sniffed {
  /** Undefined: it cannot be told. */
  readonly encoding: Encoding | undefined;
  readonly hasMark: boolean;
  /** There is nothing but blanks in it. */
  readonly isBlank: boolean;
}

/** What is known of the encodings of files, until they change. */
export class Encodings {
  private readonly known = new Map<string, { readonly stamp: string; readonly sniffed: Sniffed }>();

  constructor(private readonly settings: Pick<FilesSettings, 'encoding'>) {}

  of(path: string): Sniffed {
    const sniffed = this.sniffed(path);
    const { encoding } = this.settings;
    return encoding === 'auto' ? sniffed : { ...sniffed, encoding };
  }

  /** The encoding when DuckDB cannot read the file as it is. It knows UTF-8 only, and its JSON reader no mark before it. */
  foreign(path: string, format: FileFormat): Encoding | undefined {
    if (format === 'parquet' || format === 'xlsx') return undefined;
    const { encoding, hasMark } = this.of(path);
    return encoding === 'utf-8' && !(format === 'jsonl' && hasMark) ? undefined : encoding;
  }

  private sniffed(path: string): Sniffed {
    try {
      const { mtimeMs, size } = statSync(path);
      const stamp = `${mtimeMs} ${size}`;
      const known = this.known.get(path);
      if (known?.stamp === stamp) return known.sniffed;
      const sniffed = sniff(path);
      this.known.set(path, { stamp, sniffed });
      return sniffed;
    } catch {
      // Not there, or not packed as its name says: whoever reads it will say so.
      return { encoding: 'utf-8', hasMark: false, isBlank: false };
    }
  }
}

const HEAD_BYTES = 2 * 1_048_576;
// Packed a thousand times, this is still no bomb.
const PACKED_HEAD_BYTES = 64 * 1024;

/** Tells the encoding by the beginning of a file: its mark, else whether it is good UTF-8, UTF-16 or GB18030. */
function sniff(path: string): Sniffed {
  const { bytes, whole } = headOf(path);
  const marked = markOf(bytes);
  const encoding = marked ?? guess(bytes, whole);
  const isBlank = whole && encoding !== undefined && iconv.decode(bytes, encoding).trim() === '';
  return { encoding, hasMark: marked !== undefined, isBlank };
}

function headOf(path: string): { bytes: Buffer; whole: boolean } {
  const packed = /\.gz$/i.test(path);
  const length = packed ? PACKED_HEAD_BYTES : HEAD_BYTES;
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    const bytes = buffer.subarray(0, readSync(file, buffer, 0, length, 0));
    const whole = bytes.length === statSync(path).size;
    // Without its end, which the head of a packed file seldom has.
    return { bytes: packed ? gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }) : bytes, whole };
  } finally {
    closeSync(file);
  }
}

function markOf(bytes: Buffer): Encoding | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

function guess(bytes: Buffer, whole: boolean): Encoding | undefined {
  // Text has no NUL, but half of every ASCII character of UTF-16 is one.
  if (bytes.includes(0)) return wide(bytes);
  if (isUtf8(bytes, whole)) return 'utf-8';
  return isChinese(bytes, whole) ? 'gb18030' : undefined;
}

function wide(bytes: Buffer): Encoding | undefined {
  let [even, odd] = [0, 0];
  bytes.forEach((byte, at) => {
    if (byte !== 0) return;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  });
  if (odd > 20 * even) return 'utf-16le';
  return even > 20 * odd ? 'utf-16be' : undefined;
}

/** The last character of a head may be cut. */
function isUtf8(bytes: Buffer, whole: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole });
    return true;
  } catch {
    return false;
  }
}

/**
 * Good GB18030, and mostly of the two-byte characters of everyday Chinese: an é of a Western encoding makes an odd one with the letter
 * behind it.
 */
function isChinese(bytes: Buffer, whole: boolean): boolean {
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(bytes, { stream: !whole });
  } catch {
    return false;
  }
  let [everyday, others] = [0, 0];
  for (let at = 0; at + 1 < bytes.length; at += 1) {
    if (bytes[at]! < 0x80) continue;
    if (bytes[at]! >= 0xa1 && bytes[at + 1]! >= 0xa1) everyday += 1;
    else others += 1;
    at += 1;
  }
  return everyday >= others;
}
