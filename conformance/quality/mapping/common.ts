import { NotMapped, type Params, without } from './mapped.js';

interface Assertion {
  readonly [operator: string]: unknown;
}

/** `1 - x`, in decimals: 1 - 0.9 is 0.1. */
const complement = (share: number): string => {
  const digits = (String(share).split('.')[1] ?? '').length;
  return (1 - share).toFixed(digits);
};

/** `mostly`, `threshold`, `where` and `nullPolicy`, which most rules of the vocabulary can have. */
export function commonBlock(params: Params): Record<string, unknown> {
  const mostly = params.take<number>('mostly');
  const threshold = params.take<Assertion>('threshold');
  const where = params.take<string>('where');
  params.ignore('whereDialect', 'vars', 'column_name', 'meta', 'modelConfig');
  return without({
    where,
    threshold: mostly !== undefined ? { metric: 'ratio', fail: { gt: complement(mostly) } } : thresholdOf(threshold),
  });
}

function thresholdOf(threshold: Assertion | undefined): unknown {
  if (threshold === undefined) return undefined;
  throw new NotMapped(`not mapped: threshold ${JSON.stringify(threshold)}`);
}
