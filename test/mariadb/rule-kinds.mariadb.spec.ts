import { ruleKindsSuite } from '../suites/rule-kinds.suite.js';
import { mysqlSamples } from '../support/sample-tables.js';

describe('on MariaDB', () => ruleKindsSuite(mysqlSamples));
