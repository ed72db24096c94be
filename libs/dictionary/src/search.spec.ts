import { Datasets, dictionaryEntities, DictionaryModule, Entries, Search } from '#dictionary';
import { InvalidInput, systemActor } from '#kernel';
import { Sources, sourcesEntities, SourcesModule } from '#sources';

import { aSource, aTable, keepSnapshot } from '../../../test/support/catalog.js';
import { testContext, type TestContext } from '../../../test/support/context.js';
import { searchCursor } from './search.js';

describe('the search', () => {
  let context: TestContext;
  let search: Search;
  let gone: string;

  beforeAll(async () => {
    context = await testContext([SourcesModule, DictionaryModule], [...sourcesEntities, ...dictionaryEntities]);
    search = context.app.get(Search);
    const sourceId = await aSource(context.app);
    await keepSnapshot(context.app, sourceId, [
      { ...aTable('ods.loan', { name: 'loan_id' }, { name: 'bal', comment: '贷款本金余额' }), comment: '贷款主表' },
      aTable('ods.customer_loan_detail', { name: 'customer_name' }, { name: '客户号 "x"' }, { name: 'p_100%' }),
      aTable('dwd.odd', { name: 'emoji😀列' }, { name: 'a_b' }, { name: 'aXb' }, { name: '𠀀字' }),
    ]);
    const { items } = await context.app.get(Datasets).list({ sourceId, nameContains: 'ODD' }, { first: 1 });
    await context.app.get(Entries).describe(systemActor('王'), [
      {
        asset: { kind: 'dataset', id: items[0]!.id },
        businessName: '押品',
        definition: 'Collateral of a loan',
        tags: ['监管报送'],
      },
    ]);
    gone = await aSource(context.app);
    await keepSnapshot(context.app, gone, [aTable('ods.only_here_once', { name: 'id' })]);
  });
  afterAll(() => context.stop());

  const found = async (text: string, kinds: Parameters<Search['find']>[1] = ['dataset', 'field']) =>
    (await search.find(text, kinds, { first: 50 })).items.map(({ name, rank }) => `${name}: ${rank}`);

  it.each<[string, string, string[]]>([
    [
      'the name itself before what begins with it, has it in it, or is said of it',
      'loan',
      ['loan: exact_name', 'loan_id: name_prefix', 'customer_loan_detail: in_name', 'odd: in_text'],
    ],
    ['any case', 'LOAN_ID', ['loan_id: exact_name', 'loan: similar_name']],
    ['two Chinese characters', '贷款', ['bal: in_text', 'loan: in_text']],
    ['one Chinese character', '余', ['bal: in_text']],
    ['a longer Chinese word', '本金余额', ['bal: in_text']],
    ['a character outside the first plane', '𠀀', ['𠀀字: name_prefix']],
    ['a business name', '押品', ['odd: exact_name']],
    ['a tag', '监管', ['odd: in_text']],
    ['English in a definition', 'collateral', ['odd: in_text']],
    ['all of several words', '贷款 主表', ['loan: in_text']],
    ['not some of several words', '贷款 客户', []],
    ['one letter', 'x', ['axb: in_name', '客户号 "x": in_name']],
    ['quotes', '"x"', ['客户号 "x": in_name']],
    ['emoji', '😀', ['emoji😀列: in_name']],
    ['a percent sign for itself', '100%', ['p_100%: in_name']],
    ['an underscore for itself', 'a_b', ['a_b: exact_name']],
    ['a slip of the pen', 'custmer_name', ['customer_name: similar_name']],
    ['a qualified name', 'risk.ods.loan.bal', ['bal: exact_name']],
    ['part of one, as in a URN', 'ods.loan#bal', ['bal: in_text']],
    ['nothing', 'zzzzzz', []],
  ])('finds %s', async (_, text, expected) => {
    expect(await found(text)).toEqual(expected);
  });

  it('gives one kind when asked for', async () => {
    expect(await found('loan', ['field'])).toEqual(['loan_id: name_prefix']);
    expect(await found('贷款', ['dataset'])).toEqual(['loan: in_text']);
  });

  it('goes through all pages, each hit once, and counts them all', async () => {
    const names: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await search.find('o', ['dataset', 'field'], { first: 2, after });
      expect(page.total).toBe((await found('o')).length);
      names.push(...page.items.map(({ name }) => name));
      if (!page.hasNext) break;
      after = searchCursor(page.items.at(-1)!);
    }
    expect(names).toEqual((await search.find('o', ['dataset', 'field'], { first: 50 })).items.map(({ name }) => name));
    expect(names.length).toBeGreaterThan(4);
  });

  it('does not show what is there no more', async () => {
    expect(await found('only_here_once')).toEqual(['only_here_once: exact_name']);
    await keepSnapshot(context.app, gone, [], ['ods']);
    expect(await found('only_here_once')).toEqual([]);
    await keepSnapshot(context.app, gone, [aTable('ods.only_here_once', { name: 'id' })]);
    expect(await found('only_here_once')).toEqual(['only_here_once: exact_name']);
    await context.app.get(Sources).remove(systemActor('test'), gone);
    expect(await found('only_here_once')).toEqual([]);
  });

  it.each([
    ['nothing', '  '],
    ['NUL', 'a\u0000'],
    ['half a character', '\ud83d'],
    ['a novel', 'x'.repeat(501)],
  ])('refuses %s', async (_, text) => {
    await expect(search.find(text, ['dataset'], { first: 5 })).rejects.toBeInstanceOf(InvalidInput);
  });
});
