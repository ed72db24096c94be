import { type Example } from '#core/rule-engine';

import { ruleKindsSuite } from '../suites/rule-kinds.suite.js';
import { mysqlSamples } from '../support/sample-tables.js';

const NO_SUCH_NUMBER = /^[+-]?(nan|inf(inity)?)$/i;

/** MariaDB and MySQL have no NaN and no infinity. */
const canHold = ({ rows, other }: Example): boolean =>
  ![...rows, ...(other?.rows ?? [])].flat().some((value) => NO_SUCH_NUMBER.test(String(value)));

describe('on MariaDB', () => ruleKindsSuite(mysqlSamples, canHold));
