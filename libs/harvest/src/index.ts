export { harvestCompleted } from './harvest-completed.event.js';
export { harvestSource } from './harvest-source.job.js';
export { HarvestUnderWay, HarvestWouldRemoveTooMuch, NothingToConfirm } from './harvest.errors.js';
export { HarvestModule } from './harvest.module.js';
export { Harvests, type HarvestSchedule } from './harvests.js';
export { Reader } from './reader.js';
export { type HarvestWish, type Reading } from './reading.js';
export { RUN_STATES, runCursor, type RunRow, Runs, type RunState, type ScopeRow } from './runs.js';
