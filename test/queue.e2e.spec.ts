import { postgresBackend } from '#platform/queue';

import { queueSuite } from './suites/queue.suite.js';

describe('jobs on PostgreSQL', () => queueSuite(postgresBackend));
