import { type ColumnData, dataOf, type Identifier, kindOf, type Node } from '../parse/tree.js';
import { columnIn, relationNamed } from '../resolve/column.js';
import { type Influence, through } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { Scope } from '../resolve/scope.js';
import type { Meaning, Meanings } from './expression.js';

interface MethodCall {
  readonly this: Node;
  readonly method: Identifier;
  readonly args?: readonly Node[] | null;
}

/** Methods of T-SQL's own types (xml, hierarchyid, geometry); all other names behind a dot are functions of a schema. */
const TSQL_METHODS =
  /^(value|query|exist|nodes|modify|write|tostring|parse|getancestor|getdescendant|getlevel|getroot|getreparentedvalue|isdescendantof|reduce|filter|lat|long|m|z|st\w+|as(gml|textzm|binaryzm)|make\w+|buffer\w+|instanceof|num\w+|ringn|hasm|hasz|isnull)$/i;

/** Methods of Oracle's XMLTYPE; the parser does not tell them from functions of a package. */
const XML_METHODS = /^(get(clob|blob|string|number)val|existsnode|extract|getnamespace|getrootelement)$/i;

/** True for a column that the schema says is here, and for a variable. */
const known = (name: string, scope: Scope, reading: Reading): boolean =>
  scope.variables?.value(name) !== undefined || scope.relations.some((each) => columnIn(each, name, reading));

/** Whether the name before the dot can be a column here, and not the schema or the package that the function is in. */
function isColumn({ table, name }: ColumnData, method: string, scope: Scope, reading: Reading): boolean {
  const owner = table ? relationNamed(reading.name(table), scope, reading) : undefined;
  const written = reading.name(name);
  switch (reading.dialect.name) {
    case 'oracle':
      return owner !== undefined || (!table && (XML_METHODS.test(method) || known(written, scope, reading)));
    case 'tsql':
      return (owner !== undefined || !table) && (written.startsWith('@') || TSQL_METHODS.test(method));
    case 'duckdb':
      return owner !== undefined || !table;
    case 'generic':
      return owner !== undefined || (!table && known(written, scope, reading));
    default:
      return false;
  }
}

/** `dbo.rate(x)`, `pkg_fx.convert(x)`, `doc.value('/a', 'int')`: a function of a schema or a package, or a method of a value. */
const methodCall: Meaning = (data, scope, reading) => {
  const { this: before, method, args } = data as MethodCall;
  const names = kindOf(before) === 'column' ? dataOf<ColumnData>(before) : undefined;
  const noValue =
    kindOf(before) === 'dot'
      ? !ownerOf(before, scope, reading)
      : names && !isColumn(names, method.name, scope, reading);
  const value: readonly Influence[] = noValue ? [] : reading.expression(before, scope);
  const called = noValue && names ? scope.variables?.called(`${names.name.name}.${method.name}`) : undefined;
  return through('TRANSFORMATION', [...value, ...reading.expressions(args ?? [], scope), ...(called ?? [])]);
};

/** `a.b.c.f(x)`: whether a or b is a table here, so that it is a method of a field. */
function ownerOf(node: Node, scope: Scope, reading: Reading): boolean {
  if (kindOf(node) === 'dot') return ownerOf(dataOf<{ this: Node }>(node).this, scope, reading);
  if (kindOf(node) !== 'column') return true;
  const { table, name } = dataOf<ColumnData>(node);
  return [table, name].some((each) => each && relationNamed(reading.name(each), scope, reading) !== undefined);
}

/** Calls with a dot before the function's name. */
export const METHODS: Meanings = { method_call: methodCall };
