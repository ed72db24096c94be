import { type Condition, parseCondition } from '#core/rule-engine';
import { InvalidInput } from '#kernel';

import { isFields } from './args.js';
import { NotUnderstood } from './imported.js';

/** Words of SQL that stand alone and would be taken for columns. */
const NOT_COLUMNS = ['current_date', 'current_timestamp', 'current_time', 'localtimestamp', 'sysdate', 'user'];

/**
 * A condition that people wrote in SQL, as a condition of ours, or why it is none. What both languages write alike but mean otherwise
 * is refused: a division of whole numbers, for one, which SQL cuts off and we do not.
 */
export function conditionIn(sql: string): { readonly condition: string } | { readonly reason: string } {
  if (/\{\{|\{%/.test(sql)) return { reason: 'it has a template inside, which only the tool can fill in' };
  let tree: unknown;
  try {
    tree = parseCondition(sql);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { reason: error.faults[0]?.message ?? error.message };
  }
  const reason = otherMeaning(tree);
  return reason === undefined ? { condition: sql.trim() } : { reason };
}

/** As {@link conditionIn}. @throws {NotUnderstood} with the reason. */
export function conditionOf(sql: string | undefined): Condition | undefined {
  if (sql === undefined) return undefined;
  const read = conditionIn(sql);
  if ('condition' in read) return read.condition;
  throw new NotUnderstood(`the condition ${JSON.stringify(sql)} cannot be said here: ${read.reason}`);
}

function otherMeaning(root: unknown): string | undefined {
  const stack: unknown[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (Array.isArray(node)) stack.push(...(node as unknown[]).filter((each) => each !== null && each !== undefined));
    if (!isFields(node)) continue;
    const { call, column } = node;
    if (call === 'divide') return 'a division of whole numbers has a fraction here and none in most SQL';
    if (call === 'round' || call === 'cast') return `${String(call)} differs between engines`;
    if (typeof column === 'string' && NOT_COLUMNS.includes(column.toLowerCase()))
      return `write today() or now() for ${column}`;
    stack.push(...Object.values(node).filter((each) => each !== null && each !== undefined));
  }
  return undefined;
}

/** SQL that finds rows of the rule's own dataset; it stays as it was written. */
export const rowsWhere = (...conditions: readonly (string | undefined)[]): string => {
  const given = conditions.filter((each) => each !== undefined);
  // A line break ends a comment at the end of a condition.
  return given.length === 0
    ? 'SELECT * FROM {target}'
    : `SELECT * FROM {target} WHERE ${given.map((each) => `(${each}\n)`).join(' AND ')}`;
};

export const HAS_TEMPLATE = /\{\{|\{%|\$\{/;
