import { type Proof } from '../constraint-proof.js';
import { type ConstraintFact, type DatasetFacts } from '../facts.js';
import { type Compiled, type Counts, type Measurements } from '../rule-kind.js';
import { number, table } from '../sql/term.js';

/** Constraints that prove a rule, and as of when we know them. */
export interface Proven {
  readonly constraints: readonly ConstraintFact[];
  readonly readAt: string;
  readonly harvest?: string;
}

/**
 * What is left to ask of a rule that constraints prove: whether there is a row to check. That ends with the first one, and fails where
 * the source is down or may not be read.
 */
export function provenBy(
  constraints: Proof,
  target: DatasetFacts,
  { asks, looksAt }: Compiled,
): (Pick<Compiled, 'asks'> & { readonly proven: Proven }) | undefined {
  if (constraints === undefined || target.vouched === undefined) return undefined;
  const { readAt, harvest } = target.vouched;
  const [rows] = Object.values(asks).flatMap((ask) => (ask.is === 'rows' ? [ask.checked] : []));
  const checkedRows = looksAt ?? rows;
  if (checkedRows === undefined) return undefined;
  return {
    proven: { constraints, readAt, ...(harvest === undefined ? {} : { harvest }) },
    asks: {
      any: {
        is: 'query',
        on: 'target',
        maxRows: 1,
        select: { items: [{ as: 'any', term: number(1) }], from: table(target), where: checkedRows, limit: 1 },
      },
    },
  };
}

/** One constraint was looked at; rows were not. */
export function countsOfProof({ any = [] }: Measurements, { constraints, readAt, harvest }: Proven): Counts {
  return {
    rows: 0n,
    checked: any.length === 0 ? 0n : 1n,
    violations: 0n,
    metrics: {
      provenBy: constraints.map(constraintWords).join(', '),
      provenAsOf: readAt,
      ...(harvest === undefined ? {} : { provenByHarvest: harvest }),
    },
  };
}

const constraintWords = (constraint: ConstraintFact): string => {
  switch (constraint.is) {
    case 'not_null':
      return `NOT NULL "${constraint.column}"`;
    case 'unique':
    case 'foreign':
    case 'check':
      return constraint.name;
    default:
      return constraint satisfies never;
  }
};

/** The second half of the sentence. */
export const proofFound = ({ metrics = {} }: Counts) => ({
  en: `proven by what the source itself enforces (${metrics['provenBy']}, as harvested at ${metrics['provenAsOf']}), no rows were read`,
  zh: `由数据源自身约束保证（${metrics['provenBy']}，采集时间 ${metrics['provenAsOf']}），未读取数据行`,
});
