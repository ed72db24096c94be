export { readDatax } from './datax/datax-file.js';
export type { KnownDataset, PipelineOptions, SqlReader, SqlTask } from './options.js';
export { jdbcPlace, type JdbcPlace } from './naming/jdbc.js';
export * from './types.js';
