import { quoteUnusualNames } from './quote-unusual-names.js';
import { withData } from './with-data.js';
import type { Rewrite } from './rewrite.js';

/** What the parser refuses, written so that it does not. Tried in this order, each on top of the one before. */
export const REWRITES: readonly Rewrite[] = [withData, quoteUnusualNames];
