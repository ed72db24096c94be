import type { ReadScript } from './read-script.js';
import type { Totals } from './totals.js';

/** One way of showing what was read. Scripts come one by one and are not kept. */
export interface Writer {
  script(read: ReadScript): void;
  end(totals: Totals): void;
}
