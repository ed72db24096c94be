export { postgresBackend, type QueueBackend, redisBackend } from './backend.js';
export { defineJob, type JobContract, type QueueName, QUEUES } from './contract.js';
export { JOB_STATES, JobEntity, type JobState } from './job.entity.js';
export { JobRunner, type RunnerLog } from './job-runner.js';
export { JOB_CHANNEL, jobCursor, type JobFilter, type JobRequest, JobStore } from './job.store.js';
export { type JobsDoor } from './jobs-door.js';
export { type JobContext, type JobOutcome, type JobProcessor, pairUp } from './processor.js';
export { ScheduleEntity } from './schedule.entity.js';
export { nextDue, ScheduleStore, type ScheduleWish } from './schedule.store.js';
