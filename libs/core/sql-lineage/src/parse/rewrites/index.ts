import { quoteUnusualNames } from './quote-unusual-names.js';
import { plainCreateTable } from './plain-create-table.js';
import { plainCreateView } from './plain-create-view.js';
import { mutations } from './mutations.js';
import { dottedQueries } from './dotted-queries.js';
import { namesByFunction } from './names-by-function.js';
import { plainChange } from './plain-change.js';
import { plainInsert } from './plain-insert.js';
import { insertsFromOne } from './inserts-from-one.js';
import { deepQueries } from './deep-queries.js';
import { hashComments } from './hash-comments.js';
import { keywordAliases } from './keyword-aliases.js';
import { lateralNames } from './lateral-names.js';
import { longChains } from './long-chains.js';
import { longLists } from './long-lists.js';
import { dialectWords } from './dialect-words.js';
import { oracleClauses } from './oracle-clauses.js';
import { parameters } from './parameters.js';
import { misreadWords } from './misread-words.js';
import { statementSets } from './statement-sets.js';
import { plainAlter } from './plain-alter.js';
import { tableHints } from './table-hints.js';
import { transfers } from './transfers.js';
import type { Rewrite } from './rewrite.js';
import { shortQueries } from './short-queries.js';
import { withData } from './with-data.js';

/** What the parser would take without seeing what it means: written differently before it is asked. */
export const FIRST_REWRITES: readonly Rewrite[] = [
  hashComments,
  parameters,
  statementSets,
  namesByFunction,
  misreadWords,
  tableHints,
  longLists,
  longChains,
  deepQueries,
  mutations,
  insertsFromOne,
  transfers,
];

/** What the parser refuses, written so that it does not. Tried in this order, each on top of the one before. */
export const REWRITES: readonly Rewrite[] = [
  shortQueries,
  plainAlter,
  oracleClauses,
  dialectWords,
  lateralNames,
  keywordAliases,
  withData,
  plainCreateTable,
  plainCreateView,
  dottedQueries,
  plainChange,
  plainInsert,
  quoteUnusualNames,
];
