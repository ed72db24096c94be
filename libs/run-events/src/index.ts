export { type Receiver, Receivers, type ReceiverWish } from './receivers.js';
export { runEvent, type RunFacts } from './run-event.js';
export { RunEventSender } from './run-event-sender.js';
export { ReceiverNameTaken, ReceiverRefused } from './run-events.errors.js';
export { RunEventsModule } from './run-events.module.js';
export { sendRunEvent } from './send-run-event.job.js';
export { TOLD_KINDS, type ToldJob } from './told-jobs.js';
