/**
 * A small seeded generator (sfc32) with split streams: each thing in the bank draws from its own stream, named after
 * it, so that one more draw for one customer changes no other customer.
 *
 * @example
 * const bank = Random.of(1);
 * bank.split('customer', 7).int(18, 65);
 */
export class Random {
  private constructor(
    private readonly name: string,
    private a: number,
    private b: number,
    private c: number,
    private counter: number,
  ) {}

  static of(seed: number | string): Random {
    return Random.named(String(seed));
  }

  private static named(name: string): Random {
    const [a, b, c] = hash(name);
    const random = new Random(name, a, b, c, 1);
    for (let round = 0; round < 8; round++) random.next();
    return random;
  }

  /** The stream of that name below this one. It does not depend on what was drawn here before. */
  split(label: string, index?: number): Random {
    return Random.named(index === undefined ? `${this.name}/${label}` : `${this.name}/${label}/${index}`);
  }

  /** In [0, 1). */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    const found = list[Math.floor(this.next() * list.length)];
    if (found === undefined) throw new RangeError('Nothing can be picked from an empty list.');
    return found;
  }

  /** Picks by weight. */
  weighted<T>(choices: readonly (readonly [T, number])[]): T {
    let left = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [value, weight] of choices) {
      left -= weight;
      if (left < 0) return value;
    }
    return this.pick(choices)[0];
  }

  /** That many decimal digits. */
  digits(count: number): string {
    let text = '';
    for (let at = 0; at < count; at++) text += this.int(0, 9);
    return text;
  }
}

/** Three 32-bit words from a name (FNV-1a, with different starts and a final mix). */
function hash(text: string): [number, number, number] {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  let c = 0x85ebca6b;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995);
    c = Math.imul(c ^ code, 0x27d4eb2f);
  }
  return [mix(a), mix(b ^ a), mix(c ^ b)];
}

function mix(word: number): number {
  let value = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return value ^ (value >>> 16);
}
