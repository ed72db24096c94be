import { suiteOf } from '../../test/suites/connector-conformance.suite.js';

// MariaDB has a test run of its own.
describe.each(['postgres', 'files'])('%s', suiteOf);
