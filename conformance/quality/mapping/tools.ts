type OnEmpty = 'pass' | 'fail' | 'not_evaluated';

/** What a tool means where our rules have a parameter. Every importer sets these; here the mapping does. */
export interface Tool {
  readonly name: 'gx' | 'dbt' | 'soda' | 'deequ';
  /** A rule about rows, when there are none. */
  readonly emptyRows: OnEmpty;
  /** A rule about a value, such as an average, when there is none. */
  readonly emptyValue: OnEmpty;
  /** What a threshold is on: rows that break the rule, or the share of those that obey. */
  readonly threshold: 'violations' | 'share that passes';
  /** Of which rows a share is. */
  readonly denominator: 'checked' | 'all';
  /** Whether a column can be named without regard to case, as in SQL. */
  readonly anyCase: boolean;
}

const TOOLS: readonly Tool[] = [
  {
    ...{ name: 'gx', emptyRows: 'pass', emptyValue: 'fail', threshold: 'violations', denominator: 'checked' },
    anyCase: false,
  },
  // A test is a query for bad rows, and without rows there are none.
  {
    ...{ name: 'dbt', emptyRows: 'pass', emptyValue: 'pass', threshold: 'violations', denominator: 'all' },
    anyCase: true,
  },
  {
    ...{ name: 'soda', emptyRows: 'pass', emptyValue: 'not_evaluated', threshold: 'violations', denominator: 'all' },
    anyCase: false,
  },
  // A metric of nothing is no metric, and an assertion on it does not hold.
  {
    ...{ name: 'deequ', emptyRows: 'fail', emptyValue: 'fail', threshold: 'share that passes', denominator: 'all' },
    anyCase: true,
  },
];

/** How suites' names begin. */
const CALLED: readonly (readonly [RegExp, Tool['name']])[] = [
  [/^(dbt|dx|elementary)/, 'dbt'],
  [/^soda/, 'soda'],
  [/^(deequ|dqdl)/, 'deequ'],
];

/** The tool that a suite's cases come from, by the beginning of its name. */
export function toolOf(suite: string): Tool {
  const [, called] = CALLED.find(([begins]) => begins.test(suite)) ?? [];
  return TOOLS.find(({ name }) => name === (called ?? 'gx'))!;
}
