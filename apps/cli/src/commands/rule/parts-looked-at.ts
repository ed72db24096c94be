import { type DatasetFacts, type Example, planRule } from '#core/rule-engine';
import { InvalidInput } from '#kernel';

import { type ShownKind } from './kind-page.js';

/** Of which parts of a dataset rules of a kind can be: any, all but samples, or only the whole. */
export type PartsLookedAt = 'any' | 'no_sample' | 'whole';

/** Found out by planning an example with a scope: what is refused there is refused everywhere. */
export function partsLookedAt(kind: ShownKind): PartsLookedAt {
  const [example] = kind.examples;
  // SQL that people wrote says itself what it looks at.
  if (example === undefined || kind.code.startsWith('sql_')) return 'whole';
  if (!isPlanned(kind.code, example, { partition: { column: PARTITION, value: 'x' } })) return 'whole';
  return isPlanned(kind.code, example, { sample: { percent: 1 } }) ? 'any' : 'no_sample';
}

const PARTITION = 'a partition';

function isPlanned(code: string, { columns, other, rule, series }: Example, scope: object): boolean {
  const facts = (of: Example['columns'], name: string): DatasetFacts => ({
    ...{ name, relation: name },
    columns: [
      ...Object.entries(of).map(([column, typeFamily]) => ({ name: column, typeFamily, nativeType: typeFamily })),
      { name: PARTITION, typeFamily: 'text', nativeType: 'text' },
    ],
  });
  const { threshold: _, onEmpty: _empty, ...plain } = rule;
  try {
    planRule(
      { kind: code, ...plain, scope },
      {
        target: facts(columns, 'data'),
        other: { ...facts(other?.columns ?? columns, 'other'), dialect: 'postgres', sameConnection: true },
        ...(series && { series }),
      },
      { dialect: 'postgres', now: new Date(0) },
    );
    return true;
  } catch (error) {
    if (error instanceof InvalidInput && error.faults.every(({ path }) => path[0] === 'scope')) return false;
    throw error;
  }
}
