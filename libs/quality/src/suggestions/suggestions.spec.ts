import { type HarvestedConstraint, type HarvestedKey } from '#core/connector-kit';
import { dictionaryEntities, DictionaryModule } from '#dictionary';
import { FixedClock, systemActor } from '#kernel';
import { QualityModule, Rules, RuleSuggestions } from '#quality';
import { sourcesEntities } from '#sources';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../../test/support/context.js';
import { knownSource, type KnownSource } from '../../../../test/support/known-source.js';
import { type DatasetFact, type FieldFact } from '../dataset-facts.js';
import { type FieldFigures, type Speaking, suggestRules } from './suggest-rules.js';

const at = new Date('2026-06-01T00:00:00Z');
const field = (name: string, typeFamily: FieldFact['typeFamily']): FieldFact => ({
  ...{ id: `id-${name}`, name, typeFamily, nativeType: typeFamily, securityLevel: null },
});
const dataset = (
  fields: readonly FieldFact[],
  keys: readonly HarvestedKey[] = [],
  constraints: readonly HarvestedConstraint[] = [],
): DatasetFact => ({
  ...{
    id: 'd',
    sourceId: 's',
    sourceName: 's',
    sourceKind: 'postgres',
    scope: 'public',
    name: 't',
    qualifiedName: 'b.public.t',
  },
  ...{ present: true, keys, constraints, harvest: { id: 'h', at: at.toISOString() }, fields, fieldNames: {} },
});
const figures = (more: Partial<FieldFigures> = {}): FieldFigures => ({
  ...{ fieldId: 'id-x', takenAt: at, rows: 20_000, sampled: false, nulls: 5, distinct: 900, shortest: 1, longest: 9 },
  ...{ shown: 'withheld', least: null, frequent: [] },
  ...more,
});
const found = (fact: DatasetFact, speaking: Partial<Speaking>) =>
  suggestRules(fact, { figures: [], standards: [], upstream: [], referred: [], rules: [], ...speaking }).map(
    ({ kind, params, origin, confidence }) => ({ kind, params, origin, confidence }),
  );
const codes = {
  distinct: 2,
  shown: 'values',
  frequent: [
    { value: '2', rows: 19_000 },
    { value: '1', rows: 995 },
  ],
};

describe('rules are suggested', () => {
  it.each<[string, FieldFact['typeFamily'], Partial<FieldFigures>, object[]]>([
    ['never absent', 'text', { nulls: 0 }, [{ kind: 'not_null', confidence: 0.9 }]],
    ['never absent in a sample', 'text', { nulls: 0, sampled: true }, [{ kind: 'not_null', confidence: 0.63 }]],
    ['never absent among few', 'text', { nulls: 0, rows: 500 }, [{ kind: 'not_null', confidence: 0.77 }]],
    ['never absent among too few', 'text', { nulls: 0, rows: 99 }, []],
    ['absent once', 'text', { nulls: 1 }, []],
    ['nothing but absent values', 'text', { nulls: 20_000, distinct: 0 }, []],
    ['each value once', 'text', { distinct: 19_995 }, [{ kind: 'unique' }]],
    ['each value once in a sample', 'text', { distinct: 19_995, sampled: true }, []],
    ['each time once', 'timestamp', { distinct: 19_995 }, []],
    ['few codes', 'text', codes, [{ kind: 'in_set', params: { values: ['1', '2'] } }]],
    ['few numbers', 'integer', codes, [{ kind: 'in_set', params: { values: [1, 2] } }]],
    ['few codes whose values may not be told', 'text', { ...codes, shown: 'masked' }, []],
    ['few codes, of which not all were told', 'text', { ...codes, distinct: 3, frequent: codes.frequent.slice(1) }, []],
    ['one length', 'text', { shortest: 18, longest: 18 }, [{ kind: 'length_between', params: { min: 18, max: 18 } }]],
    ['never below zero', 'decimal', { shown: 'values', least: '0.00' }, [{ kind: 'between', params: { min: 0 } }]],
    ['below zero once', 'decimal', { shown: 'values', least: '-0.01' }, []],
  ])('%s', (_, family, of, expected) => {
    const suggested = found(dataset([field('x', family)]), { figures: [figures(of)] });
    expect(suggested).toMatchObject(expected);
    expect(suggested).toHaveLength(expected.length);
  });

  const x = field('x', 'text');
  const primary: HarvestedKey = { kind: 'primary', name: 'pk', fields: ['x'], validated: true };
  const foreign: HarvestedKey = {
    ...{
      kind: 'foreign',
      name: 'fk',
      fields: ['x'],
      refQualifiedName: 'b.public.o',
      refFields: ['id'],
      validated: false,
    },
  };
  it.each<[string, DatasetFact, Partial<Speaking>, object[]]>([
    ['not what a key proves', dataset([x], [primary]), { figures: [figures({ nulls: 0, distinct: 20_000 })] }, []],
    [
      'not what NOT NULL proves',
      dataset(
        [x],
        [],
        [{ kind: 'not_null', field: 'x', name: 'nn', validated: true } as unknown as HarvestedConstraint],
      ),
      { figures: [figures({ nulls: 0 })] },
      [],
    ],
    [
      'not what is a rule',
      dataset([x]),
      { figures: [figures({ nulls: 0 })], rules: [{ kind: 'not_null', fieldIds: ['id-x'] }] },
      [],
    ],
    [
      'a key that nobody checks',
      dataset([x], [foreign]),
      { referred: [{ datasetId: 'o', qualifiedName: 'b.public.o' }] },
      [{ kind: 'foreign_key', origin: 'key', params: { refColumns: ['id'] } }],
    ],
    ['no key to what is not there', dataset([x], [foreign]), {}, []],
    [
      'what a standard says',
      dataset([x]),
      {
        standards: [
          { fieldId: 'id-x', element: 'DE1', version: 2, nullable: false, length: 4, codes: null, decidedAt: at },
        ],
      },
      [
        { kind: 'not_null', origin: 'standard' },
        { kind: 'length_between', params: { max: 4 } },
      ],
    ],
    [
      'the codes of a standard rather than those that are there',
      dataset([x]),
      {
        figures: [figures(codes)],
        standards: [
          {
            fieldId: 'id-x',
            element: 'DE1',
            version: 1,
            nullable: true,
            length: 1,
            codes: ['1', '2', '9'],
            decidedAt: at,
          },
        ],
      },
      [{ kind: 'in_set', origin: 'standard', params: { values: ['1', '2', '9'] } }],
    ],
    [
      'what holds upstream, of kinds that are passed on',
      dataset([x]),
      {
        upstream: ['regex', 'unique'].map((kind) => ({
          ...{ fieldId: 'id-x', ruleId: 'r', kind, params: { patterns: ['a'] }, from: 'a.b#c', since: at },
        })),
      },
      [{ kind: 'regex', origin: 'lineage', params: { patterns: ['a'] } }],
    ],
  ])('%s', (_, fact, speaking, expected) => {
    const suggested = found(fact, speaking);
    expect(suggested).toMatchObject(expected);
    expect(suggested).toHaveLength(expected.length);
  });
});

describe('suggestions in the catalog', () => {
  const actor = systemActor('张三');
  let context: TestContext;
  let bank: KnownSource;
  let suggestions: RuleSuggestions;
  const call = { signal: new AbortController().signal, progress: () => undefined };

  beforeAll(async () => {
    context = await testContext(
      [DictionaryModule, QualityModule],
      [...sourcesEntities, ...dictionaryEntities],
      new FixedClock(at),
    );
    suggestions = context.app.get(RuleSuggestions);
    bank = await knownSource(
      context.app,
      '银行',
      `CREATE TABLE loan (id bigint PRIMARY KEY, "客户" text, branch text);
       CREATE VIEW copy AS SELECT * FROM loan`,
    );
  });
  afterAll(async () => {
    await bank.drop();
    await context.stop();
  });

  const profile = async (rows: number, column: string, nulls: number) => {
    const db = context.app.get(DataSource);
    const id = await bank.dataset('loan');
    await db.query(
      `INSERT INTO statistics.dataset_profile (dataset_id, taken_at, row_count, tried_at) VALUES ($1, $2, $3, $2)
       ON CONFLICT (dataset_id) DO UPDATE SET row_count = excluded.row_count`,
      [id, at, rows],
    );
    await db.query(
      `INSERT INTO statistics.field_profile (field_id, dataset_id, null_count, distinct_count, shown) VALUES ($1, $2, $3, 7, 'withheld')
       ON CONFLICT (field_id) DO UPDATE SET null_count = excluded.null_count`,
      [await bank.field('loan', column), id, nulls],
    );
  };
  const search = () => suggestions.search({ sourceId: bank.id }, call);
  const listed = async (...states: ('open' | 'rejected' | 'accepted' | 'withdrawn')[]) =>
    (await suggestions.list({ sourceId: bank.id, states }, { first: 50 })).items;

  it('are found, accepted, rejected with memory, and withdrawn', async () => {
    await profile(20_000, '客户', 0);
    await profile(20_000, 'branch', 0);
    expect(await search()).toEqual({ datasets: 2, suggested: 2 });
    const open = await listed('open');
    expect(open).toMatchObject([
      { kind: 'not_null', origin: 'statistics', confidence: 0.9, evidence: [{ name: 'rows', value: 20_000 }, {}, {}] },
      { kind: 'not_null' },
    ]);
    const of = (name: string) => open.find(({ fieldNames }) => fieldNames[0] === name)!.id;
    const [accepted] = await suggestions.decide(actor, [of('客户')], true);
    expect(accepted).toMatchObject({ state: 'accepted', decidedBy: '张三' });
    expect(await context.app.get(Rules).get(accepted!.ruleId!)).toMatchObject({
      kind: 'not_null',
      nameZh: '客户：非空',
    });
    await suggestions.decide(actor, [of('branch')], false);
    await expect(suggestions.decide(actor, [of('branch')], true)).rejects.toThrow('This suggestion is rejected.');

    // A few rows more are no other evidence; ten times as many are.
    await profile(25_000, 'branch', 0);
    await search();
    expect(await listed('open')).toEqual([]);
    await profile(250_000, 'branch', 0);
    await search();
    expect(await listed('open')).toMatchObject([{ fieldNames: ['branch'], decidedBy: null }]);
    await profile(250_000, 'branch', 3);
    await search();
    expect((await listed('withdrawn')).map(({ fieldNames }) => fieldNames)).toEqual([['branch']]);
    expect((await listed('accepted')).map(({ id }) => id)).toEqual([accepted!.id]);
  });

  it('are decided all or none, and page by page', async () => {
    await profile(30_000, 'branch', 0);
    await search();
    const [one] = await listed('open');
    const [other] = await listed('accepted');
    await expect(suggestions.decide(actor, [one!.id, other!.id], false)).rejects.toThrow(
      'This suggestion is accepted.',
    );
    expect(await listed('open')).toHaveLength(1);
    const page = await suggestions.list({ sourceId: bank.id }, { first: 1 });
    expect(page).toMatchObject({ total: 2, hasNext: true });
  });
});
