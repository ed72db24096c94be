export { byteaArray } from './bytea-array.js';
export {
  type DatabaseOptions,
  type Entities,
  openDatabase,
  preparedRows,
  row,
  rows,
  statementsOf,
  type Tx,
} from './database.js';
export { DatabaseModule } from './database.module.js';
export { Listener } from './listener.js';
export { migrate, MigrationFailed } from './migrate.js';
export { pipelined, Writes } from './pipeline.js';
