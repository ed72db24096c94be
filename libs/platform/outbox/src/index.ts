export { type DispatcherLog, type EventConsumer, OutboxDispatcher } from './dispatcher.js';
export { defineEvent, type EventContract, type PayloadOf } from './event.js';
export { publish, publishAll } from './outbox.js';
