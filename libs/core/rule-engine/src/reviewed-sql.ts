import { Type } from 'typebox';

import { fault } from './bind-expression.js';
import { type Bound } from './rule-kind.js';
import { TRUE } from './sql/term.js';

export const SQL = Type.String({
  minLength: 1,
  maxLength: 20_000,
  title: 'SQL',
  'x-title-zh': 'SQL 语句',
  description:
    'One query that only reads, in the words of the source. {target} stands for the dataset. Several statements, anything that ' +
    'writes, CALL, SELECT INTO and locks are refused.',
  'x-description-zh':
    '一条只读查询，使用数据源自身的语法；{target} 代表目标数据集。多条语句、写操作、CALL、SELECT INTO 和加锁均被拒绝。',
});

/** The text of a rule, once the reader has let it through, with the dataset's name put in. Throws `InvalidInput` otherwise. */
export function reviewedSql({ target, where, refusalOf }: Bound<unknown>, text: string): string {
  if (JSON.stringify(where) !== JSON.stringify(TRUE))
    throw fault('its SQL says itself which rows it is about', ['where']);
  if (refusalOf === undefined) throw fault('nobody here can read its SQL', ['params', 'sql']);
  const sql = text.replaceAll('{target}', () => target.relation).replace(/[;\s]+$/, '');
  const refusal = refusalOf(sql);
  if (refusal !== undefined) throw fault(refusal, ['params', 'sql']);
  return sql;
}
