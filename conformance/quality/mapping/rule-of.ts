import { commonBlock } from './common.js';
import { type MappedRule, type Mapping, type RuleJson, without } from './mapped.js';
import { Params } from './params.js';

/** What a mapping says of its own rule; the common block and the check that every parameter was read are added. */
export interface Own {
  readonly kind: string;
  readonly columns?: readonly (string | undefined)[];
  readonly params?: Readonly<Record<string, unknown>>;
  /** Parts of the common block that this rule has otherwise. */
  readonly more?: RuleJson;
  readonly other?: string;
  readonly table?: MappedRule['table'];
  readonly series?: MappedRule['series'];
  readonly now?: MappedRule['now'];
  readonly observed?: MappedRule['observed'];
}

/** A mapping onto one of our kinds. `of` says what a threshold of it is on. */
export const mapping =
  (of: 'rows' | 'value', own: (params: Params) => Own): Mapping =>
  (given) => {
    const params = new Params(given);
    const { kind, columns, params: said = {}, more = {}, ...beside } = own(params);
    const rule = without({
      kind,
      columns: columns?.filter((each) => each !== undefined),
      params: without(said),
      ...commonBlock(params, of),
      ...more,
    });
    params.done();
    return { rule, ...without(beside) };
  };

/** Mappings of several rules of the vocabulary, by its names. */
export type Mappings = Readonly<Record<string, Mapping>>;
