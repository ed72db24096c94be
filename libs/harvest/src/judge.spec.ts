import { judgeMissing, removesTooMuch, unconfirmed, unlistedScopes, unseenReason } from './judge.js';

it.each([
  [0, 0, false],
  [4, 4, false], // fewer than 5 may always vanish
  [5, 5, true],
  [5, 25, false], // exactly 20 %
  [6, 25, true],
  [20, 100, false],
  [21, 100, true],
])('%i of %i datasets vanish: too much is %s', (vanished, known, tooMuch) => {
  expect(removesTooMuch(vanished, known, 0.2)).toBe(tooMuch);
});

it.each([
  [0, 100, 0, false],
  [1, 100, 0, true], // not one may vanish
  [100, 100, 1, false],
])('%i of %i datasets vanish where a share of %d may: too much is %s', (vanished, known, share, tooMuch) => {
  expect(removesTooMuch(vanished, known, share)).toBe(tooMuch);
});

it('counts what would vanish and nobody has confirmed', () => {
  const changes = [
    { qualifiedName: 'a', outcome: 'vanished' },
    { qualifiedName: 'b', outcome: 'vanished' },
    { qualifiedName: 'c', outcome: 'added' },
  ] as const;
  expect(unconfirmed(changes, new Set(['a'])).map(({ qualifiedName }) => qualifiedName)).toEqual(['b']);
});

it('names scopes that were asked for and not listed', () => {
  const known = ['a', '旧 *', 'unwanted'].map((scope) => ({ scope, datasets: 1 }));
  const read = [{ name: 'a', complete: false, reasons: ['no right'] }];
  expect(unlistedScopes(known, read, (scope) => scope !== 'unwanted')).toEqual([{ scope: '旧 *', datasets: 1 }]);
});

const absence = { gone: ['a', 'never known'], why: 'Nobody may see', remedy: 'Ask.' };

it.each([
  ['all of a complete scope', true, undefined, false, ['a', 'b'], []],
  ['nothing of one that was not read to its end', false, undefined, false, [], []],
  ['nothing of such a one, whatever was confirmed', false, undefined, true, [], []],
  ['what is known to be gone, where the rest may be there unseen', true, absence, false, ['a'], ['b']],
  ['the same in a scope that is not complete', false, absence, false, ['a'], ['b']],
  ['all of it when a person says so', true, absence, true, ['a', 'b'], []],
])('ends %s', (_, complete, unseenWhere, confirmed, gone, unseen) => {
  expect(judgeMissing(['a', 'b'], complete, unseenWhere, confirmed)).toEqual({ gone, unseen });
});

it('names what was kept, and not ten thousand of it', () => {
  expect(unseenReason(absence, ['x', '客户'])).toMatch(
    /^Nobody may see "x", "客户"; what is known .* Ask\. If .*confirmRemovals/,
  );
  expect(
    unseenReason(
      absence,
      Array.from({ length: 10_000 }, (_, at) => `t${at}`),
    ),
  ).toMatch(/"t19" and 9980 more;/);
});
