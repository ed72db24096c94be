import { reconcileSuite } from '../suites/reconcile.suite.js';
import { fileSamples, mysqlSamples } from '../support/sample-tables.js';

describe('MariaDB and Parquet', () => reconcileSuite(mysqlSamples, fileSamples));
describe('MariaDB and MariaDB', () => reconcileSuite(mysqlSamples, mysqlSamples));
