import { removesTooMuch, unlistedScopes } from './judge.js';

it.each([
  [0, 0, false],
  [4, 4, false], // fewer than 5 may always vanish
  [5, 5, true],
  [5, 25, false], // exactly 20 %
  [6, 25, true],
  [20, 100, false],
  [21, 100, true],
])('%i of %i datasets vanish: too much is %s', (vanished, known, tooMuch) => {
  expect(removesTooMuch({ vanished, known })).toBe(tooMuch);
});

it('names scopes that were asked for and not listed', () => {
  const known = ['a', '旧 *', 'unwanted'].map((scope) => ({ scope, datasets: 1 }));
  const read = [{ name: 'a', complete: false, reasons: ['no right'] }];
  expect(unlistedScopes(known, read, (scope) => scope !== 'unwanted')).toEqual([{ scope: '旧 *', datasets: 1 }]);
});
