import { type QualityCase } from '../case.js';

/** One of our rules, as JSON; `other` names the case's table it looks at beside its own. */
export interface MappedRule {
  readonly rule: Readonly<Record<string, unknown>>;
  readonly other?: string;
}

/** Says how a rule of the vocabulary is said with our kinds, every difference in meaning as a parameter. */
export type Mapping = (given: QualityCase) => MappedRule;

/** Thrown for a rule or a parameter that no kind of ours can say. */
export class NotMapped extends Error {
  override readonly name = 'NotMapped';
}

/** Reads parameters, and knows which were read: one that nobody read is not mapped. */
export class Params {
  private readonly left: Set<string>;

  constructor(private readonly given: Readonly<Record<string, unknown>>) {
    this.left = new Set(Object.keys(given));
  }

  take<T>(name: string): T | undefined {
    this.left.delete(name);
    const value = this.given[name];
    return value === undefined ? undefined : (value as T);
  }

  /** Remarks and settings of the other tool that do not change what the rule means. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.left.delete(name);
  }

  done(): void {
    if (this.left.size > 0) throw new NotMapped(`not mapped: ${[...this.left].join(', ')}`);
  }
}

export const without = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
