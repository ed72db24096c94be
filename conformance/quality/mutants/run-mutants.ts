import { type QualityCase } from '../case.js';
import { type Engine } from '../engines/engine.js';
import { type Result } from '../report.js';
import { runCase } from '../run-case.js';
import { type Mutant, mutantOf } from './mutant.js';

/** How many mutants there were, and how many of them our rules caught. */
export interface MutantFigures {
  readonly caught: number;
  readonly mutants: number;
  /** In percent of the mutants. */
  readonly share: number;
  /** Passing cases of which no mutant could be made. */
  readonly without: number;
}

/** Runs one mutant of each passing case. A rule that fails has caught it; one that is an error has not. */
export async function runMutants(
  cases: readonly QualityCase[],
  results: readonly Result[],
  engine: Engine,
  engineName: string,
): Promise<{ readonly lines: readonly string[]; readonly figures: MutantFigures }> {
  const passing = cases.filter((_, at) => results[at]!.outcome === 'agrees' && results[at]!.status === 'pass');
  const lines: string[] = [];
  const without = new Map<string, number>();
  let [caught, mutants] = [0, 0];
  for (const each of passing) {
    const mutant: Mutant | undefined = mutantOf(each);
    if (mutant === undefined) {
      without.set(each.rule, (without.get(each.rule) ?? 0) + 1);
      continue;
    }
    mutants++;
    const { status } = await runCase(mutant.given, engine, engineName);
    if (status === 'fail') caught++;
    else lines.push(`mutant lives\t${each.id}\t${each.rule}\t${mutant.change}: ${status ?? 'not run'}`);
  }
  const left = [...without].map(([rule, count]) => `${rule} ${count}`).sort();
  const share = mutants === 0 ? 100 : Math.floor((1000 * caught) / mutants) / 10;
  const count = [...without.values()].reduce((sum, each) => sum + each, 0);
  lines.push(
    `mutants: ${caught} of ${mutants} caught (${share} %); ${count} passing cases without one: ${left.join(', ') || 'none'}`,
  );
  return { lines, figures: { caught, mutants, share, without: count } };
}
