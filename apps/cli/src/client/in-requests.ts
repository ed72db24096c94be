/** Characters of one request: a server takes bodies of a megabyte, whatever it is set to. */
const MOST = 600_000;

/**
 * Divides what is to be sent into requests, in order. What is larger than a request goes alone; whether the server takes it depends on its
 * settings.
 */
export function inRequests<T>(all: readonly T[], sizeOf: (one: T) => number): T[][] {
  const requests: T[][] = [];
  let size = 0;
  for (const one of all) {
    const last = requests.at(-1);
    if (last && size + sizeOf(one) <= MOST) last.push(one);
    else {
      requests.push([one]);
      size = 0;
    }
    size += sizeOf(one);
  }
  return requests;
}

/** Bytes of a text in JSON, about. */
export const jsonSize = (text: string | undefined): number =>
  text === undefined ? 0 : Buffer.byteLength(text) + Math.floor(text.length / 20);
