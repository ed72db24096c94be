import { reconcileSuite } from '../../../../test/suites/reconcile.suite.js';
import { fileSamples, postgresSamples } from '../../../../test/support/sample-tables.js';

describe.each([
  ['PostgreSQL and Parquet', postgresSamples, fileSamples],
  ['Parquet and PostgreSQL', fileSamples, postgresSamples],
])('%s', (_, left, right) => reconcileSuite(left, right));
