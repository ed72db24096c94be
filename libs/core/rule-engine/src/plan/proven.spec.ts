import { type ConstraintFact, planRules, type RuleFacts, runRules } from '#core/rule-engine';

const now = new Date('2026-06-30T00:00:00Z');
const readAt = '2026-06-29T18:00:00Z';

const notNull = (column: string): ConstraintFact => ({ is: 'not_null', column });
const key: ConstraintFact = { is: 'unique', name: 'loan_pkey', columns: ['id'] };
const contract: ConstraintFact = { is: 'unique', name: 'loan_contract', columns: ['contract', 'no'] };
const branch: ConstraintFact = {
  ...{
    is: 'foreign',
    name: 'loan_branch',
    columns: ['bank', 'branch'],
    refersTo: 'risk.branch',
    refColumns: ['b', 'c'],
  },
};
const rate: ConstraintFact = {
  ...{ is: 'check', name: 'loan_rate', column: 'rate' },
  ...{ min: { value: '0', strict: false }, max: { value: '1.50', strict: true } },
};
const state: ConstraintFact = { is: 'check', name: 'loan_state', column: 'state', values: ['open', 'closed'] };

const columns = [
  { name: 'id', typeFamily: 'integer' },
  { name: 'contract', typeFamily: 'text' },
  { name: 'no', typeFamily: 'integer' },
  { name: 'bank', typeFamily: 'text' },
  { name: 'branch', typeFamily: 'text' },
  { name: 'rate', typeFamily: 'decimal' },
  { name: 'factor', typeFamily: 'float' },
  { name: 'state', typeFamily: 'text' },
] as const;

const factsWith = (constraints: readonly ConstraintFact[], other: object = {}): RuleFacts => ({
  target: { relation: '"risk"."loan"', name: 'risk.loan', columns, vouched: { constraints, readAt, harvest: 'h1' } },
  other: {
    ...{ relation: '"risk"."branch"', name: 'risk.branch', dialect: 'postgres', sameConnection: true },
    columns: [
      { name: 'b', typeFamily: 'text' },
      { name: 'c', typeFamily: 'text' },
    ],
    ...other,
  },
});

const proven = (rule: object, facts: RuleFacts, dialect: 'postgres' | 'duckdb' = 'postgres'): boolean => {
  const [compiled] = planRules([{ rule, facts }], { dialect, now }).rules;
  if (compiled === undefined || compiled instanceof Error) throw compiled ?? new Error('nothing was planned');
  return compiled.proven !== undefined;
};

const of = (kind: string, names: string | readonly string[], params: object = {}, more: object = {}) => ({
  ...{ kind, columns: typeof names === 'string' ? [names] : names, params },
  ...more,
});
const found = (more: object = {}) => of('foreign_key', ['bank', 'branch'], { refColumns: ['b', 'c'] }, more);
const both = [contract, notNull('contract'), notNull('no')];

describe('what constraints prove', () => {
  it.each<[string, object, readonly ConstraintFact[]]>([
    ['a value in every row', of('not_null', 'id'), [notNull('id')]],
    ['a value in each column', of('all_not_null', ['id', 'no']), [notNull('no'), notNull('id')]],
    ['unique values of one column', of('unique', 'id'), [key]],
    [
      'unique values, absent ones included, where there are none',
      of('unique', 'id', { nulls: 'never_ignore' }),
      [key, notNull('id')],
    ],
    ['a combination without absent parts', of('unique', ['contract', 'no']), both],
    [
      'a combination whose absent parts are not checked',
      of('unique', ['no', 'contract'], { nulls: 'ignore_if_any_null' }),
      [contract],
    ],
    ['a combination of which a part is unique', of('unique', ['id', 'no']), [key, notNull('id')]],
    ['a primary key', of('primary_key', 'id'), [key, notNull('id')]],
    ['a primary key of more than is needed', of('primary_key', ['id', 'no']), [key, notNull('id'), notNull('no')]],
    ['a foreign key, in any order', of('foreign_key', ['branch', 'bank'], { refColumns: ['c', 'b'] }), [branch]],
    [
      'a foreign key, absent values failing, where there are none',
      found({ nullPolicy: 'fail' }),
      [branch, notNull('bank'), notNull('branch')],
    ],
    ['bounds that are just those', of('between', 'rate', { min: 0, max: '1.5' }), [rate]],
    ['bounds that are wider', of('between', 'rate', { min: -1 }), [rate]],
    ['a strict bound', of('between', 'rate', { max: 1.5, strictMax: true }), [rate]],
    ['a list that is longer', of('in_set', 'state', { values: ['open', 'closed', 'new'] }), [state]],
    ['a list in any case', of('in_set', 'state', { values: ['open', 'closed'], caseInsensitive: true }), [state]],
  ])('%s', (_, rule, constraints) => {
    expect(proven(rule, factsWith(constraints))).toBe(true);
    for (const less of constraints)
      expect(proven(rule, factsWith(constraints.filter((each) => each !== less)))).toBe(false);
    expect(proven({ ...rule, verify: true }, factsWith(constraints))).toBe(false);
    expect(proven({ ...rule, where: 'id > 0' }, factsWith(constraints))).toBe(false);
    expect(proven(rule, factsWith(constraints), 'duckdb')).toBe(false);
  });

  it.each<[string, object, readonly ConstraintFact[], object?]>([
    ['values that stand for nothing', of('not_null', 'id', { treatAsNull: [-1] }), [notNull('id')]],
    ['another column', of('not_null', 'no'), [notNull('id')]],
    ['unique values, absent ones included', of('unique', 'id', { nulls: 'never_ignore' }), [key]],
    ['a combination of which a part may be absent', of('unique', ['contract', 'no']), [contract, notNull('no')]],
    ['a part of a combination', of('unique', 'contract'), both],
    ['a primary key that may be absent', of('primary_key', 'id'), [key]],
    ['a foreign key to some rows', { ...found(), params: { refColumns: ['b', 'c'], refWhere: "c <> 'x'" } }, [branch]],
    ['a foreign key, crossed', of('foreign_key', ['bank', 'branch'], { refColumns: ['c', 'b'] }), [branch]],
    ['a part of a foreign key', of('foreign_key', 'bank', { refColumns: ['b'] }), [branch]],
    ['a foreign key to another dataset', found(), [branch], { name: 'risk.office' }],
    ['a foreign key, absent values failing', found({ nullPolicy: 'fail' }), [branch, notNull('bank')]],
    ['a bound that is tighter', of('between', 'rate', { min: '0.1' }), [rate]],
    ['a bound that belongs to it and may not', of('between', 'rate', { min: 0, strictMin: true }), [rate]],
    ['a bound on the other side', of('between', 'rate', { min: 0, max: 1 }), [{ ...rate, max: undefined }]],
    ['bounds, absent values failing', of('between', 'rate', { min: 0 }, { nullPolicy: 'fail' }), [rate]],
    ['bounds of a float', of('between', 'factor', { min: 0 }), [{ ...rate, column: 'factor' }]],
    ['a list that is shorter', of('in_set', 'state', { values: ['open'] }), [state]],
    [
      'a list, absent values failing',
      of('in_set', 'state', { values: ['open', 'closed'] }, { nullPolicy: 'fail' }),
      [state],
    ],
  ])('not %s', (_, rule, constraints, other = {}) => {
    expect(proven(rule, factsWith(constraints, other))).toBe(false);
  });
});

describe('a rule that is proven', () => {
  const rule = of('unique', 'id');
  const run = (rows: (readonly number[])[], more: object = {}) => {
    const sent: string[] = [];
    const facts = factsWith([key, notNull('id')]);
    return runRules(
      [
        { rule: { ...rule, ...more }, facts },
        { rule: { ...of('not_null', 'id'), ...more }, facts },
        { rule: { ...of('primary_key', 'id'), ...more }, facts },
      ],
      ({ sql }) => {
        sent.push(sql);
        return Promise.resolve({ columns: [{ name: 'any', nativeType: 'int4' }], rows, truncated: false });
      },
      { dialect: 'postgres', now },
    ).then((outcomes) => ({ outcomes, sent }));
  };

  it('asks once for all that are whether there is a row to check, and says by what it is proven', async () => {
    const { outcomes, sent } = await run([[1]]);
    expect(sent).toEqual([
      expect.stringContaining('WHERE (t."id" IS NOT NULL)'),
      'SELECT 1 AS "any"\n  FROM "risk"."loan" AS t\nLIMIT 1',
    ]);
    expect(outcomes[0]!.verdict).toEqual({
      ...{ status: 'pass', rows: '0', checked: '0', violations: '0' },
      metrics: { provenBy: 'loan_pkey', provenAsOf: readAt, provenByHarvest: 'h1', ratio: '0' },
      sentence: {
        en: `"id" is unique: proven by what the source itself enforces (loan_pkey, as harvested at ${readAt}), no rows were read.`,
        zh: `"id"唯一：由数据源自身约束保证（loan_pkey，采集时间 ${readAt}），未读取数据行。`,
      },
    });
    expect(outcomes[2]!.verdict.metrics['provenBy']).toBe('loan_pkey, NOT NULL "id"');
  });

  it.each([
    [{}, 'not_evaluated'],
    [{ onEmpty: 'fail' }, 'fail'],
    [{ denominator: 'all', threshold: { metric: 'ratio', fail: { gte: 0 } }, onEmpty: 'pass' }, 'pass'],
  ])('has nothing to check where there is no row: %p', async (more, status) => {
    const { outcomes } = await run([], more);
    expect(outcomes.map(({ verdict }) => verdict.status)).toEqual([status, status, status]);
  });

  it('is judged by its threshold', async () => {
    const threshold = { metric: 'ratio', fail: { lte: 0 } };
    const { outcomes } = await run([[1]], { threshold, denominator: 'all', samples: 0 });
    expect(outcomes.map(({ verdict }) => verdict.status)).toEqual(['fail', 'fail', 'fail']);
  });
});
