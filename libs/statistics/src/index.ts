export { FieldSecrecy } from './field-secrecy.js';
export { DEFAULT_LIMITS, type StatisticsLimits } from './profiler.js';
export { type Secrecy } from './secrecy.js';
export { Statistics, type StatisticsSchedule } from './statistics.js';
export { StatisticsModule } from './statistics.module.js';
export { StatisticsRun, type StatisticsSummary, type StatisticsWish } from './statistics-run.js';
export { type DatasetStatistics, type FieldStatistics, StatisticsStore } from './statistics.store.js';
export { takeStatistics } from './take-statistics.job.js';
