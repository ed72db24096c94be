import { quoteUnusualNames } from './quote-unusual-names.js';
import type { Rewrite } from './rewrite.js';
import { shortQueries } from './short-queries.js';
import { withData } from './with-data.js';

/** What the parser refuses, written so that it does not. Tried in this order, each on top of the one before. */
export const REWRITES: readonly Rewrite[] = [shortQueries, withData, quoteUnusualNames];
