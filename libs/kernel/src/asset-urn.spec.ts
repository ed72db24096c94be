import { assetUrn, InvalidInput, nameParts, parseUrn, qualifiedName, urnOf } from '#kernel';

describe('asset names', () => {
  it.each([
    ['a plain table', { namespace: 'postgres://dwh:5432', name: 'risk.dwd.loan' }, 'postgres://dwh:5432/risk.dwd.loan'],
    ['a column', { namespace: 'mysql://h:3306', name: 'core.t', column: '客户号' }, 'mysql://h:3306/core.t#客户号'],
    ['a hash in a name', { namespace: 'file://b', name: 'a#1.csv', column: 'x#y' }, 'file://b/a%231.csv#x%23y'],
    ['a path', { namespace: 'file://bureau', name: '2026/score.parquet' }, 'file://bureau/2026/score.parquet'],
  ])('%s is written and read back', (_, name, urn) => {
    expect(urnOf(name)).toBe(urn);
    expect(parseUrn(urn)).toEqual(name);
    expect(assetUrn(urn)).toBe(urn);
  });

  it.each(['', 'loan', 'postgres://dwh', 'postgres://dwh/'])('%j is refused', (text) => {
    expect(() => parseUrn(text)).toThrow(InvalidInput);
  });

  it('keeps names apart that differ only in where the dots are', () => {
    expect(qualifiedName('a.b', 'c')).not.toBe(qualifiedName('a', 'b.c'));
    expect(nameParts(qualifiedName('a.b', '50%', '"q" 😀'))).toEqual(['a.b', '50%', '"q" 😀']);
  });
});
