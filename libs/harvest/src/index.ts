export { harvestCompleted } from './harvest-completed.event.js';
export { harvestSource } from './harvest-source.job.js';
export { HarvestUnderWay, HarvestWouldRemoveTooMuch } from './harvest.errors.js';
export { HarvestModule } from './harvest.module.js';
export { Harvests, type HarvestSchedule } from './harvests.js';
export { type Reading, Reader } from './reader.js';
export { runCursor, type RunRow, Runs, type ScopeRow } from './runs.js';
