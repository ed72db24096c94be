import { type Status } from '#core/rule-engine';

/** What became of a case. */
export interface Result {
  readonly id: string;
  readonly suite: string;
  readonly rule: string;
  readonly outcome: 'agrees' | 'differs' | 'not mapped' | 'skipped';
  readonly detail: string;
  /** What we said, to compare engines. */
  readonly status?: Status;
  readonly counts?: string;
  readonly refused?: boolean;
}

/** The last line of `--json`. Agreement is in percent of the cases evaluated; a case that is not mapped does not agree. */
export interface Figures {
  readonly agreement: number;
  readonly cases: number;
  readonly evaluated: number;
  readonly notMapped: number;
  readonly disagreements: number;
}

const percent = (part: number, whole: number): number => (whole === 0 ? 100 : Math.floor((1000 * part) / whole) / 10);

const count = (results: readonly Result[], outcome: Result['outcome']): number =>
  results.filter((each) => each.outcome === outcome).length;

export function figuresOf(results: readonly Result[]): Figures {
  const evaluated = results.filter(({ outcome }) => outcome !== 'skipped');
  return {
    agreement: percent(count(evaluated, 'agrees'), evaluated.length),
    cases: results.length,
    evaluated: evaluated.length,
    notMapped: count(evaluated, 'not mapped'),
    disagreements: count(evaluated, 'differs'),
  };
}

/** Each case that does not agree, with its rule and the reason, then the agreement of each suite. */
export function linesOf(results: readonly Result[]): string[] {
  const evaluated = results.filter(({ outcome }) => outcome !== 'skipped');
  // Skipped by its flags a case says nothing; skipped for a reason it does.
  const told = results.filter(
    ({ outcome, detail }) => outcome !== 'agrees' && (outcome !== 'skipped' || detail !== ''),
  );
  const lines = told.map(({ id, rule, outcome, detail }) => [outcome, id, rule, detail].join('\t'));
  for (const suite of [...new Set(evaluated.map((each) => each.suite))].sort()) {
    const own = evaluated.filter((each) => each.suite === suite);
    const refused = own.filter((each) => each.outcome === 'agrees' && each.refused === true).length;
    lines.push(
      `${suite}: ${percent(count(own, 'agrees'), own.length)} % of ${own.length} cases agree (${refused} of them by refusing ` +
        `the rule), ${count(own, 'differs')} differ, ${count(own, 'not mapped')} are not mapped`,
    );
  }
  return lines;
}

/** Cases of which engines say different things. */
export function apart(byEngine: ReadonlyMap<string, readonly Result[]>): string[] {
  const said = new Map<string, string[]>();
  for (const [engine, results] of byEngine)
    for (const { id, status, counts } of results)
      if (status !== undefined) said.set(id, [...(said.get(id) ?? []), `${engine}: ${status} ${counts}`]);
  return [...said].flatMap(([id, all]) =>
    new Set(all.map((each) => each.slice(each.indexOf(':')))).size > 1
      ? [`engines differ\t${id}\t${all.join('; ')}`]
      : [],
  );
}
