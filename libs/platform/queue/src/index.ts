export { postgresBackend, type QueueBackend, redisBackend } from './backend.js';
export { defineJob, type JobContract, type QueueName, QUEUES } from './contract.js';
export { JOB_STATES, JobEntity, type JobState } from './job.entity.js';
export { JobRunner, type RunnerLog } from './job-runner.js';
export { JOB_CHANNEL, jobCursor, type JobFilter, type JobRequest, JobStore } from './job.store.js';
export { type JobsDoor } from './jobs-door.js';
export { DoLater, type JobContext, type JobOutcome, type JobProcessor, pairUp } from './processor.js';
export {
  dueTimes,
  type DueTime,
  nextDue,
  ON_OTHER_DAYS,
  type OnOtherDays,
  SCHEDULE_DAYS,
  type ScheduleDays,
  type Timing,
} from './due-times.js';
export { type Misfire, MISFIRES, ScheduleEntity } from './schedule.entity.js';
export { ScheduleSweep } from './schedule-sweep.js';
export {
  type Firing,
  firingCursor,
  FIRING_STATES,
  type FiringState,
  ScheduleStore,
  type ScheduleWish,
} from './schedule.store.js';
