import { goneBy, grantsOf } from './grants.js';

const core = { name: 'core_x', folded: false };
const of = (...lines: string[]) => grantsOf(lines, { literal: false });

it.each<[string, boolean, string[], object?]>([
  ['the whole server', true, ['GRANT SELECT ON *.* TO `r`@`%`']],
  [
    'all rights on the server',
    true,
    ["GRANT ALL PRIVILEGES ON *.* TO `r`@`%` IDENTIFIED BY PASSWORD '*AB' WITH GRANT OPTION"],
  ],
  ['a right of MySQL in its long list', true, ['GRANT INSERT, SELECT, SHOW VIEW ON *.* TO `r`@`%`']],
  ['the database', true, ['GRANT SELECT ON `core_x`.* TO `r`@`%`']],
  ['the database by a role or PUBLIC', true, ['GRANT `ra` TO `r`@`%`', 'GRANT SELECT ON `core_x`.* TO `ra`']],
  ['a pattern', true, ['GRANT SELECT ON `core%`.* TO `r`@`%`']],
  ['a pattern with its letters escaped', true, ['GRANT SELECT ON `core\\_x`.* TO `r`@`%`']],
  ['a pattern of another database', false, ['GRANT SELECT ON `core\\_y`.* TO `r`@`%`']],
  ['a pattern where names are no patterns', false, ['GRANT SELECT ON `core%`.* TO `r`@`%`'], { literal: true }],
  [
    'a pattern that a closer one without the right hides',
    false,
    ['GRANT SELECT ON `core%`.* TO `r`@`%`', 'GRANT INSERT ON `core_x`.* TO `r`@`%`'],
  ],
  ['another right', false, ['GRANT USAGE ON *.* TO `r`@`%`', 'GRANT SHOW VIEW ON `core_x`.* TO `r`@`%`']],
  ['one table', false, ['GRANT SELECT ON `core_x`.`a` TO `r`@`%`']],
  [
    'the server without the database',
    false,
    ['GRANT SELECT ON *.* TO `r`@`%`', 'REVOKE SELECT ON `core_x`.* FROM `r`@`%`'],
  ],
  ['the name of the database with other letters', false, ['GRANT SELECT ON `CORE_X`.* TO `r`@`%`']],
])('a right on %s shows all tables: %s', (_, all, lines, how = { literal: false }) => {
  expect(grantsOf(lines, how as { literal: boolean }).showsAllTables(core)).toBe(all);
});

it('reads tables, columns and routines out of names of every kind', () => {
  const grants = of(
    'GRANT SELECT ON `core_x`.`a` TO `r`@`%`',
    'GRANT SELECT (`id`, `x) ON ``y`), UPDATE (`id`) ON `core_x`.`we``i ON rd` TO `ra`',
    'GRANT UPDATE (`id`) ON `core_x`.`a` TO `ra`',
    'GRANT DELETE ON `core_x`.`unread` TO `ra`',
    'GRANT SELECT ON `other`.`b` TO `r`@`%`',
    'GRANT SELECT ON `core_x`.`客户\n😀` TO PUBLIC',
    'GRANT EXECUTE ON PROCEDURE `core_x`.`p` TO `ra`',
    'GRANT ALTER ROUTINE ON PACKAGE BODY `core_x`.`pk` TO `ra`',
    'GRANT EXECUTE ON PROCEDURE `core_x`.`of all` TO PUBLIC',
    'SET DEFAULT ROLE `ra` FOR `r`@`%`',
  );
  expect(grants.tablesOf(core)).toEqual(['a', 'we`i ON rd', '客户\n😀']);
  expect(grants.partly(core)).toEqual(['we`i ON rd']);
  expect(grants.routinesOf(core)).toEqual(['p(procedure)', 'pk(package body)']);
  expect(grants.showsAllRoutines(core)).toBe(false);
});

it.each([
  ['GRANT EXECUTE ON `core_x`.* TO `r`@`%`', true],
  ['GRANT SELECT ON `mysql`.`proc` TO `r`@`%`', true],
  ['GRANT SHOW_ROUTINE ON *.* TO `r`@`%`', true],
  ['GRANT SELECT ON *.* TO `r`@`%`', true],
  ['GRANT SELECT ON `core_x`.* TO `r`@`%`', false],
])('%s shows all routines: %s', (line, all) => {
  expect(of(line).showsAllRoutines(core)).toBe(all);
});

it.each([
  ['shown all the time', undefined, undefined, undefined],
  ['granted before and after', ['a', 'b'], ['a', 'b'], ['b']],
  ['granted only after', ['a'], ['a', 'b'], []],
  ['granted only before', ['a', 'b'], ['a'], []],
  ['shown as a whole only before', undefined, ['a', 'b'], ['b']],
  ['shown as a whole only after', ['b'], undefined, ['b']],
  ['named by letters that are the same to the server', ['B', 'A'], ['B', 'A'], ['B']],
])('of what is %s is gone what is not listed', (_, before, after, gone) => {
  expect(goneBy([before, after], ['a'], (name) => name.toLowerCase())).toEqual(gone);
});
