import { decodeCursor, encodeCursor, pageRequest } from './page.js';

describe('a cursor', () => {
  it.each([[['核心 "x" 😀', 7]], [[null]], [[]], [[0.5, '2026-01-01T00:00:00.000Z']]])('gives %j back', (key) => {
    expect(decodeCursor('rules', encodeCursor('rules', key))).toEqual(key);
  });

  const own = encodeCursor('rules', ['a', 'b']);
  it.each([
    ['of another list', encodeCursor('runs', ['a', 'b'])],
    ['cut short', own.slice(0, -2)],
    ['lengthened', `${own}AAAA`],
    ['with another key', own.slice(0, -4) + encodeCursor('rules', ['a', 'c']).slice(-4)],
    ['of plain JSON', Buffer.from('["a","b"]').toString('base64url')],
    ['empty', ''],
    ['of words', 'xxx'],
    ['of signs', '👻 \u0000 %'],
  ])('is refused when it is one %s', (_, cursor) => {
    expect(() => decodeCursor('rules', cursor)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', inputPath: ['after'] }),
    );
  });
});

describe('a page request', () => {
  it('is for 50 rows when nothing is said', () => {
    expect(pageRequest()).toEqual({ first: 50 });
    expect(pageRequest(500, 'c')).toEqual({ first: 500, after: 'c' });
  });

  it.each([0, -1, 501, 1.5, Number.NaN])('is refused for %d rows', (first) => {
    expect(() => pageRequest(first)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', inputPath: ['first'] }));
  });
});
