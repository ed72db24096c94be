import { childrenOf, dataOf, kindOf, type Node } from '../parse/tree.js';
import { type Influence, through } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { Scope } from '../resolve/scope.js';
import { AGGREGATES } from './aggregates.js';
import { COLUMNS } from './columns.js';
import { CONDITIONS } from './conditions.js';
import type { Meaning, Meanings } from './expression.js';
import { LAMBDAS } from './lambdas.js';
import { METHODS } from './methods.js';
import { PLAIN_NODES } from './names.js';
import { SUBQUERIES } from './subqueries.js';
import { WINDOWS } from './windows.js';

const plain: Meaning = (data, scope, reading) =>
  through('TRANSFORMATION', reading.expressions(childrenOf(data), scope));

/** Brackets change nothing. */
const same: Meaning = (data, scope, reading) => reading.expressions(childrenOf(data), scope);

/** What each kind of node means; a later list wins. A new kind of meaning is a file, and a line here. */
const MEANINGS: Meanings = {
  ...Object.fromEntries(PLAIN_NODES.map((kind) => [kind, plain])),
  ...COLUMNS,
  ...CONDITIONS,
  ...AGGREGATES,
  ...WINDOWS,
  ...SUBQUERIES,
  ...LAMBDAS,
  ...METHODS,
  // `NORMALIZE(a, NFC)`: the form is a word.
  normalize: (data, scope, reading) =>
    through('TRANSFORMATION', reading.expressions(childrenOf(data).slice(0, 1), scope)),
  paren: same,
  annotated: same,
  alias: same,
};

const NO_PARTS = new Set([
  'literal',
  'null',
  'boolean',
  'identifier',
  'var',
  'data_type',
  'interval_span',
  'placeholder',
  'next_value_for',
  // MySQL's `_utf8mb4'x'`
  'introducer',
]);

/** The columns that a value is made of. */
export function expression(node: Node, scope: Scope, reading: Reading): Influence[] {
  const kind = kindOf(node);
  if (NO_PARTS.has(kind)) return [];
  const meaning = MEANINGS[kind];
  if (meaning) return meaning(dataOf(node), scope, reading);
  reading.because('unknown-node', `The parser's node "${kind}" is not understood; only the columns in it were taken.`);
  return plain(dataOf(node), scope, reading);
}
