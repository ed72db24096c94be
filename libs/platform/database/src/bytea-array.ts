const BYTEA = 17;

/**
 * A parameter for `$n::bytea[]` as PostgreSQL itself writes arrays. The driver would spell each byte as two letters, and
 * look at each letter; of many thousand sealed values that is more work than the sealing.
 *
 * @example
 * await rows(tx, `SELECT * FROM unnest($1::bytea[])`, [byteaArray([hash, null])]);
 */
export function byteaArray(items: readonly (Uint8Array | null)[]): Buffer {
  const array = Buffer.allocUnsafe(items.reduce((size, item) => size + 4 + (item?.length ?? 0), 20));
  let at = 0;
  const write = (number: number) => (at = array.writeInt32BE(number, at));
  write(1); // dimension
  write(items.includes(null) ? 1 : 0);
  write(BYTEA);
  write(items.length);
  write(1); // the first index
  for (const item of items) {
    write(item === null ? -1 : item.length);
    if (item === null) continue;
    array.set(item, at);
    at += item.length;
  }
  return array;
}
