/** What a value is. */
export type ValueKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

export interface Entry {
  readonly key: string;
  readonly value: Value;
}

/**
 * A value of a configuration that still knows where it stood. Reading is forgiving: a field that is not there, or is of another kind, is
 * undefined; who needs it says so.
 */
export class Value {
  constructor(
    readonly kind: ValueKind,
    /** UTF-16 offsets into the text of the file, also for a text in a text. */
    readonly start: number,
    readonly end: number,
    private readonly parts: {
      readonly entries?: readonly Entry[];
      readonly items?: readonly Value[];
      /** What a string says, or how a number, a boolean or null is written. */
      readonly text?: string;
      /** Where the character at an offset of `text` stands in the file. */
      readonly at?: (offset: number) => number;
    } = {},
  ) {}

  /** The fields of an object, as they are written; a name may come twice. */
  get entries(): readonly Entry[] {
    return this.parts.entries ?? [];
  }

  /** The field of that name; the last, where there are several. */
  field(...names: readonly string[]): Value | undefined {
    for (const name of names) {
      const found = this.entries.findLast(({ key }) => key === name)?.value;
      if (found && found.kind !== 'null') return found;
    }
    return undefined;
  }

  /** The field at the end of a path. */
  path(...names: readonly string[]): Value | undefined {
    return names.reduce<Value | undefined>((value, name) => value?.field(name), this);
  }

  /** The members of a list; a value that is no list is a list of itself. */
  get items(): readonly Value[] {
    if (this.kind === 'array') return this.parts.items ?? [];
    return this.kind === 'null' ? [] : [this];
  }

  /** What a string, a number or a boolean says; undefined for what is made of parts. */
  get text(): string | undefined {
    return this.kind === 'object' || this.kind === 'array' || this.kind === 'null' ? undefined : this.parts.text;
  }

  /** The texts of a list, or the one text. */
  get texts(): string[] {
    return this.items.flatMap(({ text }) => (text === undefined ? [] : [text]));
  }

  get number(): number | undefined {
    const { text } = this;
    return text !== undefined && /^\s*-?\d+\s*$/.test(text) ? Number(text) : undefined;
  }

  /** Where the character at an offset of `text` stands in the file. */
  readonly at = (offset: number): number =>
    this.parts.at ? Math.min(this.end, Math.max(this.start, this.parts.at(offset))) : this.start;
}

/** The text of a field that is filled: an empty text says nothing. */
export function textOf(value: Value | undefined, ...names: readonly string[]): string | undefined {
  const text = value?.field(...names)?.text?.trim();
  return text === '' ? undefined : text;
}
