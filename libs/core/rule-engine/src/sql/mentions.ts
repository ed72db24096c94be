import { type From, type Select, type Term, type Test } from './term.js';

/** What a query does that costs: found by looking at all of its parts. */
export interface Mentions {
  readonly columns: boolean;
  readonly patterns: boolean;
  readonly distinct: boolean;
  readonly windows: boolean;
  readonly partners: boolean;
  readonly groups: boolean;
}

export const mentionsOf = (parts: {
  readonly terms?: readonly Term[];
  readonly tests?: readonly Test[];
  readonly selects?: readonly Select[];
}): Mentions => {
  const found = { columns: false, patterns: false, distinct: false, windows: false, partners: false, groups: false };
  const terms = (list: readonly (Term | undefined)[]) => list.forEach((each) => each && term(each));
  const term = (each: Term): void => {
    switch (each.is) {
      case 'column':
        found.columns = true;
        return;
      case 'value':
      case 'number':
      case 'null':
        return;
      case 'replaced':
        found.patterns = true;
        return term(each.of);
      case 'call':
        return terms(each.args);
      case 'cast':
        return term(each.of);
      case 'case':
        each.whens.forEach(([when, then]) => {
          test(when);
          term(then);
        });
        return term(each.otherwise);
      case 'aggregate':
        if (each.distinct === true) found.distinct = true;
        if (each.when !== undefined) test(each.when);
        return terms([each.of]);
      case 'window':
        found.windows = true;
        return terms([each.of, ...each.partition, ...each.order.map(({ by }) => by)]);
      default:
        return each satisfies never;
    }
  };
  const test = (each: Test): void => {
    switch (each.is) {
      case 'all':
      case 'any':
        return each.of.forEach(test);
      case 'not':
      case 'not_true':
      case 'true':
        return test(each.of);
      case 'compared':
        return terms([each.left, each.right]);
      case 'matches':
        found.patterns = true;
        return term(each.of);
      case 'null':
      case 'in':
      case 'like':
      case 'truth':
        return term(each.of);
      case 'found':
        found.partners = true;
        return terms(each.of);
      default:
        return each satisfies never;
    }
  };
  const from = (each: From): void => {
    switch (each.is) {
      case 'table':
        return;
      case 'query':
        return select(each.select);
      case 'union':
        return each.selects.forEach(select);
      case 'join':
        found.partners = true;
        from(each.left);
        return from(each.right);
      default:
        return each satisfies never;
    }
  };
  const select = (each: Select): void => {
    terms(each.items.map((item) => item.term));
    from(each.from);
    if (each.where !== undefined) test(each.where);
    if ((each.groupBy ?? []).length > 0 || each.distinct === true) found.groups = true;
    terms(each.groupBy ?? []);
    if (each.having !== undefined) test(each.having);
  };
  terms(parts.terms ?? []);
  parts.tests?.forEach(test);
  parts.selects?.forEach(select);
  return found;
};
