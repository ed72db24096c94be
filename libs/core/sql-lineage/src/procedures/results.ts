import { eitherOf, type Value } from './variables.js';

const partsOf = (name: string): readonly string[] =>
  name.split('.').map((part) => (/^["`[]/.test(part) ? part.slice(1, -1) : part).toLowerCase());

/** What the functions of a script give back, by their names. */
export class Results {
  /** By name, then by the package or schema that the function is in. */
  private readonly known = new Map<string, Map<string, Value>>();
  private readonly missed = new Set<string>();

  /** A function gives this; another of the same name and place (an overload) gives something else. */
  add(name: string, around: readonly string[], value: Value, again: boolean): void {
    const parts = partsOf(name);
    const own = parts.at(-1) ?? '';
    const owner = parts.at(-2) ?? around.at(-1)?.toLowerCase() ?? '';
    const owners = this.known.get(own) ?? new Map<string, Value>();
    this.known.set(own, owners);
    const before = again ? owners.get(owner) : undefined;
    owners.set(owner, before ? eitherOf(before, value) : value);
  }

  /** What a call gives; undefined when the script does not have the function. */
  of(name: string, around: readonly string[]): Value | undefined {
    const parts = partsOf(name);
    const own = parts.at(-1) ?? '';
    const owners = this.known.get(own);
    if (!owners) {
      this.missed.add(own);
      return undefined;
    }
    const qualifier = parts.at(-2);
    if (qualifier !== undefined) return owners.get(qualifier) ?? (owners.size === 1 ? owners.get('') : undefined);
    const near = around.findLast((each) => owners.has(each.toLowerCase()));
    if (near !== undefined) return owners.get(near.toLowerCase());
    return owners.get('') ?? (owners.size === 1 ? [...owners.values()][0] : undefined);
  }

  /** True when a function was called before it was known, and is known now. Asked once. */
  get late(): boolean {
    const late = [...this.missed].some((name) => this.known.has(name));
    this.missed.clear();
    return late;
  }
}
