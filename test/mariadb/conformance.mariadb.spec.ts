import { suiteOf } from '../suites/connector-conformance.suite.js';

describe('the connector mysql does what every connector does:', () => suiteOf('mysql'));
