import type { Pipeline } from './types.js';

/** A pipeline of a tool that knows jobs, and neither datasets, tests nor exposures. */
export const onlyJobs = (
  given: Omit<Pipeline, 'datasets' | 'tests' | 'exposures' | 'reasons'> & Partial<Pick<Pipeline, 'reasons'>>,
): Pipeline => ({ datasets: [], tests: [], exposures: [], reasons: [], ...given });
