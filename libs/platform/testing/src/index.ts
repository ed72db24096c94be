export { emptyDatabase, migrateTemplate, testDatabase, type TestDatabase } from './test-database.js';
export { until } from './until.js';
