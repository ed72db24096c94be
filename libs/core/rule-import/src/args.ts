import { NotUnderstood } from './imported.js';

/** A number as it is written: texts such as `"0.10"` keep what a double would lose. */
export type Numeral = number | string;

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Arguments of a check in another tool. What nobody asked for is refused in the end, so that nothing is dropped silently. */
export class Args {
  private readonly open: Set<string>;

  constructor(private readonly given: Fields) {
    // `null` and leaving out are the same in all these tools.
    this.open = new Set(Object.keys(given).filter((name) => given[name] !== null && given[name] !== undefined));
  }

  has(name: string): boolean {
    return this.given[name] !== undefined && this.given[name] !== null;
  }

  /** The value as it is; undefined when it is absent. */
  any(name: string): unknown {
    this.open.delete(name);
    const value = this.given[name] ?? undefined;
    if (isFields(value) && '$PARAMETER' in value)
      throw new NotUnderstood(`"${name}" comes from a parameter that is only known when the tool runs`);
    return value;
  }

  optionalText(name: string): string | undefined {
    const value = this.any(name);
    if (value === undefined || typeof value === 'string') return value;
    throw new NotUnderstood(`"${name}" is no text`);
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.missing(name);
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.any(name);
    if (value === undefined) return otherwise;
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'True') return true;
    if (value === 'false' || value === 'False') return false;
    throw new NotUnderstood(`"${name}" is neither true nor false`);
  }

  optionalNumeral(name: string): Numeral | undefined {
    const value = this.any(name);
    if (value === undefined || typeof value === 'number' || (typeof value === 'string' && NUMERAL.test(value)))
      return value;
    throw new NotUnderstood(`"${name}" is no number`);
  }

  numeral(name: string): Numeral {
    return this.optionalNumeral(name) ?? this.missing(name);
  }

  optionalWhole(name: string): number | undefined {
    const value = this.optionalNumeral(name);
    if (value === undefined || Number.isSafeInteger(Number(value)))
      return value === undefined ? undefined : Number(value);
    throw new NotUnderstood(`"${name}" is no whole number`);
  }

  /** A number, a date or a time: whatever can be a bound. */
  optionalBound(name: string): Numeral | undefined {
    const value = this.any(name);
    if (value === undefined || typeof value === 'number' || typeof value === 'string') return value;
    throw new NotUnderstood(`"${name}" is neither a number nor a date`);
  }

  optionalList(name: string): readonly unknown[] | undefined {
    const value = this.any(name);
    if (value === undefined || Array.isArray(value)) return value as readonly unknown[] | undefined;
    throw new NotUnderstood(`"${name}" is no list`);
  }

  list(name: string): readonly unknown[] {
    return this.optionalList(name) ?? this.missing(name);
  }

  optionalTexts(name: string): readonly string[] | undefined {
    const list = this.optionalList(name);
    if (list === undefined || list.every((each) => typeof each === 'string')) return list;
    throw new NotUnderstood(`"${name}" is no list of texts`);
  }

  texts(name: string): readonly string[] {
    return this.optionalTexts(name) ?? this.missing(name);
  }

  /** Values of a list: texts, numbers, truth values, or nothing. */
  values(name: string): readonly (string | number | boolean | null)[] {
    return this.list(name).map((each) => {
      if (each === null || ['string', 'number', 'boolean'].includes(typeof each)) return each as string | null;
      throw new NotUnderstood(`"${name}" has a value that is neither a text, a number nor a truth value`);
    });
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], otherwise?: T): T {
    const value = this.any(name) ?? otherwise;
    const found = allowed.find((each) => each === value);
    if (found !== undefined) return found;
    if (value === undefined) return this.missing(name);
    throw new NotUnderstood(`"${name}" is ${JSON.stringify(value)}; known are ${allowed.join(', ')}`);
  }

  /** Says that these change nothing about what the check means. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.open.delete(name);
  }

  /** To be called when everything was read. @throws {NotUnderstood} for what was not. */
  end(): void {
    if (this.open.size === 0) return;
    throw new NotUnderstood(
      this.open.size === 1
        ? `nothing here corresponds to its "${[...this.open][0]}"`
        : `nothing here corresponds to its ${[...this.open].map((name) => `"${name}"`).join(', ')}`,
    );
  }

  private missing(name: string): never {
    throw new NotUnderstood(`its "${name}" is missing`);
  }
}

const NUMERAL = /^-?\d+(\.\d+)?$/;
