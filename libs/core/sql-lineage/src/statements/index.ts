import { alter } from './alter.js';
import { cache, createSynonym, uncache } from './cache.js';
import { copy, exportData } from './copy.js';
import { createTable } from './create-table.js';
import { createView } from './create-view.js';
import { remove, truncate } from './delete.js';
import { drop } from './drop.js';
import { insert } from './insert.js';
import { insertAll } from './insert-all.js';
import { merge } from './merge.js';
import { select } from './select.js';
import type { Statement } from './statement.js';
import { update } from './update.js';

/** The statements that are understood. A new one is a file, and a line here. */
export const STATEMENTS: readonly Statement[] = [
  select,
  insert,
  insertAll,
  createTable,
  createView,
  update,
  merge,
  remove,
  truncate,
  drop,
  alter,
  copy,
  exportData,
  cache,
  uncache,
  createSynonym,
];
