import { checkRule } from '#core/rule-engine';
import { InvalidInput, messageOf } from '#kernel';

/** Where something stands in the text that was read. */
export interface Place {
  /** The way to it: names and numbers of list items, from 0. */
  readonly path: readonly (string | number)[];
  /** From 1; absent where the text has no lines of its own, as in a manifest. */
  readonly line?: number;
  /** From 1, in that line. */
  readonly column?: number;
}

/** A rule as it is given to the engine: what is left out has the engine's default. */
export interface RuleText {
  readonly kind: string;
  readonly columns?: readonly string[];
  readonly params?: Readonly<Record<string, unknown>>;
  readonly where?: unknown;
  readonly nullPolicy?: string;
  readonly onEmpty?: string;
  readonly denominator?: string;
  readonly threshold?: unknown;
  readonly dimension?: string;
  readonly severity?: string;
  readonly samples?: number;
  readonly scope?: unknown;
  readonly budgetMs?: number;
  readonly verify?: boolean;
}

/** A rule with the dataset it is about, as the other tool names it. */
export interface NamedRule {
  readonly rule: RuleText;
  readonly dataset?: string;
  /** The second dataset of a rule that looks at two. */
  readonly other?: string;
  readonly name?: string;
  readonly description?: string;
  /** What stays the same when the rule is renamed or changed: by it a set of files in git tells its rules apart. */
  readonly id?: string;
  /** The source that the dataset is in, where it is said. */
  readonly source?: string;
  readonly otherSource?: string;
  /** Its names in two languages, where it has both; else `name`. */
  readonly nameZh?: string;
  readonly nameEn?: string;
  readonly owner?: string;
  readonly enabled?: boolean;
  /** When the other tool runs it. A rule of ours has no time of its own: its rule set has. */
  readonly schedule?: { readonly cron: string; readonly scheduler?: string };
  readonly tags?: readonly string[];
}

export interface ImportedRule extends NamedRule {
  readonly at: Place;
  /** What the other tool calls it, such as `dbt_utils.accepted_range`. */
  readonly was: string;
  /** What a person should know: where it means a little less or more than it did. */
  readonly notes: readonly string[];
}

export interface NotImported {
  readonly at: Place;
  readonly was: string;
  /** The end of a sentence: "… was not understood: REASON". */
  readonly reason: string;
}

/** What became of a text: every check in it is in one of the two lists. */
export interface Imported {
  readonly rules: readonly ImportedRule[];
  readonly notUnderstood: readonly NotImported[];
}

/** Thrown inside an import for what has no equal here. */
export class NotUnderstood extends Error {}

/** What a converter makes of one check. */
export type Conversion = NamedRule & { readonly notes?: readonly string[] };

/** Collects what an import finds. One check that is not understood does not hinder the others. */
export class Findings {
  private readonly rules: ImportedRule[] = [];
  private readonly notUnderstood: NotImported[] = [];

  /** @param inside faults inside a check are told each by its own place; for texts that are written as our rules are. */
  constructor(
    private readonly placeOf: (path: Place['path']) => Place,
    private readonly inside = false,
  ) {}

  /** Converts one check to one rule or several: all of them are good, or the check counts as not understood. */
  take(path: Place['path'], was: string, convert: () => Conversion | readonly Conversion[]): void {
    const at = this.placeOf(path);
    try {
      const made = [convert()].flat() as readonly Conversion[];
      for (const { rule } of made) checkRule(rule);
      this.rules.push(...made.map((each) => ({ ...each, at, was, notes: each.notes ?? [] })));
    } catch (error) {
      if (!(error instanceof NotUnderstood || error instanceof InvalidInput)) throw error;
      if (this.inside && error instanceof InvalidInput && error.faults.length > 0)
        for (const { path: inside, message } of error.faults) {
          // A fault alone has a sentence of its own; of several, each is told by its path.
          const reason = error.faults.length === 1 ? reasonOf(error) : `"${inside.join('.')}" ${message}`;
          this.notUnderstood.push({ at: this.placeOf([...path, ...inside]), was, reason });
        }
      else this.notUnderstood.push({ at, was, reason: reasonOf(error) });
    }
  }

  refuse(path: Place['path'], was: string, reason: string): void {
    this.notUnderstood.push({ at: this.placeOf(path), was, reason });
  }

  get all(): Imported {
    return { rules: this.rules, notUnderstood: this.notUnderstood };
  }
}

const reasonOf = (error: Error): string =>
  messageOf(error)
    .replace(/^The rule cannot be used: /, '')
    .replace(/\.$/, '');
