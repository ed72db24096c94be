import { type Candidate, Clustering, searchForm, suffixOf, Survivors } from '#core/record-matcher';
import fc from 'fast-check';

describe('survivorship', () => {
  const candidate = (value: string, priority = 1, changedAt: number | null = null, tieBreak = 'r'): Candidate => ({
    attributeId: 'name',
    value,
    priority,
    changedAt,
    tieBreak,
  });

  it.each<[string, Candidate[], string | undefined]>([
    ['the source believed first', [candidate('张三', 2), candidate('李四', 1)], '李四'],
    ['an empty value is passed over', [candidate('', 1), candidate(' ', 1), candidate('张三', 2)], '张三'],
    ['the row changed last', [candidate('old', 1, 1), candidate('new', 1, 2)], 'new'],
    ['priority before time', [candidate('old', 1, 1), candidate('new', 2, 2)], 'old'],
    ['a row with a time before one without', [candidate('a', 1, null), candidate('z', 1, 0)], 'z'],
    ['the smallest, when all else is equal', [candidate('b'), candidate('a'), candidate('c')], 'a'],
    ['nothing', [candidate('')], undefined],
  ])('%s', (_, candidates, expected) => {
    const survivors = new Survivors<null>();
    for (const one of candidates) survivors.offer(one, null);
    expect(survivors.best('name')?.candidate.value).toBe(expected);
  });

  it('does not depend on the order of the rows', () => {
    const some = fc.array(
      fc.record({
        attributeId: fc.constant('name'),
        value: fc.constantFrom('', 'a', 'b', '张'),
        priority: fc.integer({ min: 1, max: 3 }),
        changedAt: fc.option(fc.integer({ min: 0, max: 2 })),
        tieBreak: fc.constantFrom('x', 'y', 'z'),
      }),
    );
    const best = (candidates: readonly Candidate[]) => {
      const survivors = new Survivors<null>();
      for (const one of candidates) survivors.offer(one, null);
      return survivors.best('name')?.candidate;
    };
    fc.assert(
      fc.property(some, fc.func(fc.nat()), (candidates, rank) => {
        const shuffled = candidates
          .map((one, at) => ({ one, rank: rank(at) }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ one }) => one);
        expect(best(shuffled)).toEqual(best(candidates));
      }),
    );
  });
});

describe('clusters', () => {
  const rows = [...'aabcccd'].map((key, at) => ({ key, at }));
  const inPortions = (size: number) => {
    const clustering = new Clustering(
      ({ key }: (typeof rows)[number]) => key,
      () => ({ members: 0 }),
      (state) => state.members++,
    );
    const clusters = [];
    for (let at = 0; at < rows.length; at += size) clusters.push(...clustering.push(rows.slice(at, at + size)));
    return [...clusters, ...clustering.end()].map(({ key, state }) => `${key}${state.members}`);
  };

  it.each([1, 2, 3, 100])('are whole however the portions are cut (%i)', (size) => {
    expect(inPortions(size)).toEqual(['a2', 'b1', 'c3', 'd1']);
  });

  it('refuse rows out of order, which would tear a cluster apart', () => {
    const clustering = new Clustering(
      (key: string) => key,
      () => null,
      () => undefined,
    );
    expect(() => clustering.push(['b', 'a'])).toThrow(/order of their keys/);
  });
});

describe('search forms', () => {
  it('leave case, width and blanks out', () => {
    expect(searchForm(' Zhāng　Ｓan 😀')).toBe('zhāngsan😀');
    expect(suffixOf('11010519491231002X', 4)).toBe('002X');
  });
});
