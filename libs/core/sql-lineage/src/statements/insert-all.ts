import { dataOf, kindOf, type Node, type TableRef } from '../parse/tree.js';
import { indirect, type Influence } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { Relation, Rowset } from '../resolve/rowset.js';
import { Scope } from '../resolve/scope.js';
import { assignment } from './assignments.js';
import { placed } from './place.js';
import type { Statement } from './statement.js';

interface MultitableInserts {
  readonly expressions: readonly Node[];
  readonly kind: 'ALL' | 'FIRST';
  readonly source: Node | null;
}

interface ConditionalInsert {
  readonly this: Node;
  readonly expression?: Node | null;
  readonly else_?: Node | null;
}

interface Into {
  readonly table?: TableRef | Node;
  readonly columns?: readonly { readonly name: string }[];
  readonly values?: readonly (readonly Node[])[];
}

/** A branch without VALUES: the parser gives the table alone. */
const refOf = (into: Into): TableRef | undefined => {
  const table = into.table as (TableRef & { readonly table?: TableRef }) | undefined;
  return table?.table ?? table;
};

function rowsInto(into: Into, source: Rowset, scope: Scope, reading: Reading): Rowset {
  const [values] = into.values ?? [];
  if (!values) return source;
  return { columns: values.map((value) => assignment('?column?', value, scope, reading)), influences: [] };
}

/** Oracle's and Snowflake's INSERT ALL and INSERT FIRST: one query, several tables, each under a condition or not. */
export const insertAll: Statement = {
  nodes: ['multitable_inserts'],
  read(node, outer, reading) {
    const { expressions, kind, source } = dataOf<MultitableInserts>(node);
    const rows: Rowset = source ? reading.query(source, outer) : { columns: [], influences: [] };
    const relation: Relation = { rows };
    let condition: Influence[] = [];
    let earlier: Influence[] = [];
    for (const branch of expressions) {
      const scope = new Scope(outer);
      scope.relations.push(relation);
      const { this: inner, expression, else_ } = dataOf<ConditionalInsert>(branch);
      if (expression) {
        const own = indirect('FILTER', reading.expression(expression, scope));
        // FIRST asks a condition only where those before it did not hold.
        condition = kind === 'FIRST' ? [...earlier, ...own] : own;
        earlier = [...earlier, ...own];
      } else if (else_) condition = earlier;
      const into = dataOf<Into>(inner);
      const ref = kindOf(inner) === 'insert' ? refOf(into) : undefined;
      if (!ref) {
        reading.because('unknown-node', `A branch of INSERT ${kind} is not understood.`);
        continue;
      }
      const target = reading.table(ref);
      const given = rowsInto(into, rows, scope, reading);
      const listed = into.columns && into.columns.length > 0 ? reading.names(into.columns) : undefined;
      const names = placed(given, target, listed ?? reading.catalog.columnsOf(target), reading);
      reading.touch(target, 'write');
      reading.flow(target);
      reading.give(target, { columns: given.columns, influences: [...rows.influences, ...condition] }, names);
    }
    return { kind: 'insert' };
  },
};
