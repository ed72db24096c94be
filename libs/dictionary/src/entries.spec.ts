import { AuditLog } from '#audit';
import { type AssetRef, Datasets, dictionaryEntities, DictionaryModule, Entries, Fields, Search } from '#dictionary';
import { Conflict, InvalidInput, NotFound, systemActor } from '#kernel';
import { statementsOf } from '#platform/database';
import { sourcesEntities, SourcesModule } from '#sources';

import { aSource, aTable, keepSnapshot } from '../../../test/support/catalog.js';
import { testContext, type TestContext } from '../../../test/support/context.js';

const steward = systemActor('王小明 "steward" 😀');

describe('what people say', () => {
  let context: TestContext;
  let entries: Entries;
  let log: AuditLog;

  beforeAll(async () => {
    context = await testContext([SourcesModule, DictionaryModule], [...sourcesEntities, ...dictionaryEntities]);
    entries = context.app.get(Entries);
    log = context.app.get(AuditLog);
  });
  afterAll(() => context.stop());

  /** A table with some fields; gives the table first. */
  const someAssets = async (...fieldNames: string[]): Promise<[AssetRef, ...AssetRef[]]> => {
    const sourceId = await aSource(context.app);
    await keepSnapshot(context.app, sourceId, [
      aTable('ods.t', ...fieldNames.map((name) => ({ name, comment: 'from the source' }))),
    ]);
    const { items } = await context.app.get(Datasets).list({ sourceId }, { first: 1 });
    const fields = await context.app.get(Fields).ofDatasets([items[0]!.id]);
    return [{ kind: 'dataset', id: items[0]!.id }, ...fields.map(({ id }) => ({ kind: 'field', id }) as const)];
  };
  const entryOf = async ({ kind, id }: AssetRef) =>
    (await (kind === 'dataset' ? entries.ofDatasets([id]) : entries.ofFields([id])))[0];
  const audited = async () => (await log.list({}, { first: 1 })).total;

  it('is kept with who said it, and what is left out stays', async () => {
    const [table] = await someAssets();
    await entries.describe(steward, [
      {
        asset: table,
        businessName: ' 客户 "主表" 😀 ',
        definition: '全部客户',
        tags: ['核心', ' 核心 ', 'PII', ''],
        securityLevel: 'L3',
      },
    ]);
    await entries.describe(steward, [{ asset: table, owner: '风险部', securityLevel: null }], 'import');
    expect(await entryOf(table)).toMatchObject({
      businessName: '客户 "主表" 😀',
      definition: '全部客户',
      owner: '风险部',
      tags: ['核心', 'PII'],
      securityLevel: null,
      origin: 'import',
      revision: 2,
      changedBy: steward.name,
    });
  });

  it('said twice is said once', async () => {
    const [table] = await someAssets();
    await entries.describe(steward, [{ asset: table, businessName: '客户' }]);
    const before = await audited();
    await entries.describe(steward, [{ asset: table, businessName: '客户' }]);
    expect((await entryOf(table))?.revision).toBe(1);
    expect(await audited()).toBe(before);
  });

  it('is refused when somebody said something else meanwhile', async () => {
    const [, field] = (await someAssets('余额')) as [AssetRef, AssetRef];
    await entries.describe(steward, [{ asset: field, businessName: 'one', expectedRevision: 0 }]);
    await expect(
      entries.describe(steward, [{ asset: field, businessName: 'two', expectedRevision: 0 }]),
    ).rejects.toThrow(/#余额 is not what you read \(revision 0\): 王小明 .* made revision 1/);
    const both = ['three', 'four'].map((businessName) =>
      entries.describe(steward, [{ asset: field, businessName, expectedRevision: 1 }]),
    );
    const results = await Promise.allSettled(both);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((result) => result.status === 'rejected')?.reason).toBeInstanceOf(Conflict);
    expect((await entryOf(field))?.revision).toBe(2);
  });

  it('of many is said at once, with one audit entry, or not at all', async () => {
    const [table, ...fields] = await someAssets(...Array.from({ length: 60 }, (_, at) => `c${at}`));
    const before = await audited();
    const wishes = [table, ...fields].map((asset, at) => ({ asset, businessName: `名 ${at}` }));
    const { statements } = await statementsOf(() => entries.describe(steward, wishes));
    expect(statements.length).toBeLessThan(20);
    expect(await audited()).toBe(before + 1);
    const [entry] = (await log.list({ action: 'entries.changed' }, { first: 1 })).items;
    expect((entry?.details as { assets: unknown[] }).assets).toHaveLength(61); // 60 fields + 1 table
    expect((await entries.ofFields(fields.map(({ id }) => id))).map(({ businessName }) => businessName)).toContain(
      '名 60',
    );

    const wrong = wishes.map((wish, at) => ({ ...wish, businessName: at === 7 ? 'x'.repeat(201) : 'other' }));
    await expect(entries.describe(steward, wrong)).rejects.toMatchObject({ inputPath: ['7', 'businessName'] });
    expect((await entryOf(table))?.businessName).toBe('名 0');
  });

  it.each<[string, (asset: AssetRef) => Parameters<Entries['describe']>[1], new (...args: never[]) => Error]>([
    [
      'an unknown asset',
      () => [{ asset: { kind: 'dataset', id: '00000000-0000-4000-8000-000000000000' }, owner: 'x' }],
      NotFound,
    ],
    [
      'one asset twice',
      (asset) => [
        { asset, owner: 'x' },
        { asset, owner: 'y' },
      ],
      InvalidInput,
    ],
    ['the NUL character', (asset) => [{ asset, definition: 'a\u0000b' }], InvalidInput],
    ['a level there is not', (asset) => [{ asset, securityLevel: 'L9' as never }], InvalidInput],
    ['too many tags', (asset) => [{ asset, tags: Array.from({ length: 51 }, (_, at) => `t${at}`) }], InvalidInput],
  ])('is refused for %s', async (_, wishesFor, error) => {
    const [table] = await someAssets();
    await expect(entries.describe(steward, wishesFor(table))).rejects.toBeInstanceOf(error);
    expect(await entryOf(table)).toBeUndefined();
  });

  it('can be searched for at once, and no more when it is taken back', async () => {
    const [table] = await someAssets();
    const found = async () =>
      (await context.app.get(Search).find('独一无二的说法', ['dataset', 'field'], { first: 5 })).items.map(
        ({ assetId }) => assetId,
      );
    await entries.describe(steward, [{ asset: table, definition: '这是独一无二的说法。' }]);
    expect(await found()).toEqual([table.id]);
    await entries.describe(steward, [{ asset: table, definition: null }]);
    expect(await found()).toEqual([]);
  });
});
