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

const percent = (part: number, whole: number): number => (whole === 0 ? 100 : Math.round((1000 * part) / whole) / 10);

/** Prints agreement by suite and each case that differs; with `json` one last line of figures. Gives the exit code. */
export function print(results: readonly Result[], json: boolean): number {
  const counted = results.filter(({ outcome }) => outcome !== 'skipped');
  const of = (outcome: Result['outcome'], list = counted) => list.filter((each) => each.outcome === outcome).length;
  for (const { id, outcome, detail } of counted)
    if (outcome !== 'agrees') process.stdout.write(`${outcome}\t${id}\t${detail}\n`);
  for (const suite of [...new Set(counted.map((each) => each.suite))].sort()) {
    const own = counted.filter((each) => each.suite === suite);
    process.stdout.write(
      `${suite}: ${percent(of('agrees', own), own.length)} % of ${own.length} cases agree, ${of('differs', own)} differ, ${of('not mapped', own)} are not mapped\n`,
    );
  }
  const figures = {
    agreement: percent(of('agrees'), counted.length),
    cases: results.length,
    evaluated: counted.length,
    notMapped: of('not mapped'),
    disagreements: of('differs'),
  };
  if (json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  return of('agrees') === counted.length ? 0 : 1;
}
