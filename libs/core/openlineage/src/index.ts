export { EventMemory } from './event-memory.js';
export { EVENT_TYPES, type EventKind, type EventType, type Fault } from './event-schema.js';
export {
  type Flow,
  inOrder,
  isEmpty,
  joinFlows,
  type Link,
  type LinkEnd,
  linkKey,
  linksOf,
  MOST_PAIRS,
} from './flow.js';
export { jsonFaultAt } from './json-fault.js';
export { type Named, nameKeyOf, normalName, normalNamespace } from './names.js';
export {
  type Mode,
  type DatasetFacts,
  type EventFacts,
  type Lifecycle,
  readEvent,
  type ReadEvent,
  type RefusedEvent,
} from './read-event.js';
export { redact, REDACTED } from './redact.js';
export { type Interval, type Observation, timelineOf, type Timeline, withinWindow } from './timeline.js';
