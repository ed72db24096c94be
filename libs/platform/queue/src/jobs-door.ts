import { type EventConsumer } from '#platform/outbox';

import { type JobContract } from './contract.js';
import { type JobProcessor } from './processor.js';

/** What a domain's jobs door exports for the worker: its contracts, and the classes (providers of `module`) that do them. */
export interface JobsDoor {
  readonly module: new () => object;
  readonly contracts: readonly JobContract[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Nest fills the constructors; what they take is theirs.
  readonly processors: readonly (new (...args: any[]) => JobProcessor)[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- As above.
  readonly consumers: readonly (new (...args: any[]) => EventConsumer)[];
}
