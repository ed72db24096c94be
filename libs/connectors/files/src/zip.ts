import { readFile, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';

const inflate = promisify(inflateRaw);

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
const [STORED, DEFLATED] = [0, 8];

/** A zip file is not one, or is more than it may be. The message fits behind a colon. */
export class ZipRefused extends Error {}

/**
 * The files of a zip, unpacked. What the zip says of their sizes is not believed: unpacking stops at the limit.
 * @param wanted tells by its name whether a file is of any use.
 */
export async function unzipped(
  path: string,
  wanted: (name: string) => boolean,
  limitBytes: number,
): Promise<Map<string, Buffer>> {
  const tooMuch = new ZipRefused(
    `unpacked it has more than ${Math.round(limitBytes / 1_048_576)} MB, the limit for a workbook. Raise it in the settings, or save the data as CSV or Parquet`,
  );
  // What is packed never becomes smaller by being unpacked, but for a few bytes a file.
  if ((await stat(path)).size > 2 * limitBytes) throw tooMuch;
  const bytes = await readFile(path);
  const files = new Map<string, Buffer>();
  let left = limitBytes;
  for (const entry of entriesOf(bytes)) {
    if (!wanted(entry.name)) continue;
    if (entry.size > left) throw tooMuch;
    const unpacked = await unpack(bytes, entry, left).catch((error: unknown) => {
      throw (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? tooMuch : error;
    });
    left -= unpacked.length;
    if (left < 0) throw tooMuch;
    files.set(entry.name, unpacked);
  }
  return files;
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

function entriesOf(bytes: Buffer): Entry[] {
  if (bytes.length >= 8 && bytes.readUInt32BE(0) === 0xd0cf11e0)
    throw new ZipRefused(
      'it is protected by a password, or in the format of before 2007. Save it as .xlsx without a password',
    );
  const end = endOf(bytes);
  if (end === undefined) throw new ZipRefused('it is cut short or no .xlsx file. Copy it again');
  const entries: Entry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL)
      throw new ZipRefused('its list of contents is broken. Save it again');
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + name),
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      at: bytes.readUInt32LE(at + 42),
    });
    at += 46 + name + extra + comment;
  }
  return entries;
}

/** Where the last record of the zip begins; a comment may follow it. */
function endOf(bytes: Buffer): number | undefined {
  for (let at = bytes.length - END_BYTES; at >= Math.max(0, bytes.length - END_BYTES - LONGEST_COMMENT); at -= 1)
    if (bytes.readUInt32LE(at) === END) return at;
  return undefined;
}

async function unpack(bytes: Buffer, { method, packed, at }: Entry, limit: number): Promise<Buffer> {
  const broken = new ZipRefused('its contents are broken. Save it again');
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== LOCAL) throw broken;
  const from = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  const content = bytes.subarray(from, from + packed);
  if (content.length < packed) throw broken;
  if (method === STORED) return content;
  if (method !== DEFLATED) throw new ZipRefused('it is packed in a way that is not known. Save it again');
  return inflate(content, { maxOutputLength: Math.max(1, limit) }).catch((error: unknown) => {
    throw (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? error : broken;
  });
}

/** A zip of files as they are, not packed. */
export function zipOf(files: ReadonlyMap<string, Buffer>): Buffer {
  const [locals, centrals]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [name, content] of files) {
    const nameBytes = Buffer.from(name, 'utf8');
    // Version 2.0, names in UTF-8, stored, no date.
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    locals.push(signature(LOCAL), common, nameBytes, content);
    centrals.push(signature(CENTRAL), Buffer.from([20, 0]), common, place, nameBytes);
    at += 30 + nameBytes.length + content.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(files.size, 8);
  end.writeUInt16LE(files.size, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, central, end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
