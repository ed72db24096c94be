import { type Dialect } from '#core/connector-kit';

import { type Condition } from '../condition.js';
import { type ColumnFact, type DatasetFacts, type OtherFacts } from '../facts.js';
import { type Question } from '../question.js';
import { Statement } from './statement.js';

export interface Rendered {
  readonly sql: string;
  readonly params: readonly string[];
}

export interface RenderInput {
  readonly dialect: Dialect;
  readonly dataset: DatasetFacts;
  readonly other?: OtherFacts;
  /** Which rows of the dataset are looked at. */
  readonly where: Condition;
}

/** One row of counts that answers the question. */
export function renderMeasure(question: Question, input: RenderInput): Rendered {
  const statement = new Statement(input.dialect);
  const { dataset, where } = input;
  switch (question.shape) {
    case 'count':
      return finish(statement, [
        `SELECT count(*) AS "rows"`,
        `  FROM ${dataset.relation} AS t`,
        whereLine(statement, where),
      ]);
    case 'rows':
      return finish(statement, [
        ...counts(statement, question),
        `  FROM ${dataset.relation} AS t`,
        whereLine(statement, where),
      ]);
    case 'partners':
      return finish(statement, [...counts(statement, question), ...partners(statement, question, input)]);
    case 'groups': {
      const ignored = ignoredGroups(question);
      const sum = (what: string, when: string) => `CAST(coalesce(sum(${what}) FILTER (WHERE ${when}), 0) AS bigint)`;
      const twice = `NOT ${ignored} AND g.n > 1`;
      return finish(statement, [
        `SELECT ${sum('g.n', 'TRUE')} AS "rows",`,
        `       ${sum('g.n', `NOT ${ignored}`)} AS "checked",`,
        `       ${sum('g.n - 1', twice)} AS "extra_rows",`,
        `       ${sum('g.n', twice)} AS "duplicated_rows",`,
        `       count(*) FILTER (WHERE ${twice}) AS "groups"`,
        `  FROM (${grouped(statement, question.columns, input)}) AS g`,
      ]);
    }
    default:
      return question satisfies never;
  }
}

/** Some of the rows that break the rule, by their keys; undefined when single rows do not break it. */
export function renderFailingRows(question: Question, input: RenderInput, limit: number): Rendered | undefined {
  const statement = new Statement(input.dialect);
  const shown = () =>
    shownColumns(input.dataset, columnsOf(question)).map(
      ({ name }) => `t.${statement.name(name)} AS ${statement.name(name)}`,
    );
  switch (question.shape) {
    case 'count':
      return undefined;
    case 'rows':
      return finish(statement, [
        `SELECT ${shown().join(', ')}`,
        `  FROM ${input.dataset.relation} AS t`,
        ` WHERE ${statement.condition(input.where, 't')} AND ${statement.condition(question.violation, 't')}`,
        ` LIMIT ${limit}`,
      ]);
    case 'partners':
      return finish(statement, [
        `SELECT ${shown().join(', ')}`,
        ...partners(statement, question, input),
        `   AND ${statement.condition(question.violation, 't')}`,
        ` LIMIT ${limit}`,
      ]);
    case 'groups': {
      const columns = question.columns.map(({ name }, at) => `g.k${at + 1} AS ${statement.name(name)}`);
      const ignored = ignoredGroups(question);
      return finish(statement, [
        `SELECT ${columns.join(', ')}, g.n AS "times"`,
        `  FROM (${grouped(statement, question.columns, input)}) AS g`,
        ` WHERE g.n > 1 AND NOT ${ignored}`,
        ` LIMIT ${limit}`,
      ]);
    }
    default:
      return question satisfies never;
  }
}

const finish = ({ params }: Statement, lines: readonly string[]): Rendered => ({ sql: lines.join('\n'), params });

const whereLine = (statement: Statement, where: Condition) => ` WHERE ${statement.condition(where, 't')}`;

function counts(statement: Statement, { checked, violation }: { checked: Condition; violation: Condition }): string[] {
  return [
    `SELECT count(*) AS "rows",`,
    `       count(*) FILTER (WHERE ${statement.condition(checked, 't')}) AS "checked",`,
    `       count(*) FILTER (WHERE ${statement.condition(violation, 't')}) AS "violations"`,
  ];
}

/** Each row of the dataset with its partner's key, once however many partners it has. */
function partners(
  statement: Statement,
  { columns, otherColumns, otherWhere }: Extract<Question, { shape: 'partners' }>,
  { dataset, other, where }: RenderInput,
): string[] {
  if (other === undefined) throw new Error('a question for partners without another dataset');
  const keys = otherColumns.map((column, at) => `${statement.column(column, 'o')} AS k${at + 1}`);
  const present = otherColumns.map(({ name }) => `o.${statement.name(name)} IS NOT NULL`);
  const pairs = columns.map((column, at) => `${statement.column(column, 't')} = r.k${at + 1}`);
  return [
    `  FROM ${dataset.relation} AS t`,
    `  LEFT JOIN (SELECT DISTINCT ${keys.join(', ')}`,
    `               FROM ${other.relation} AS o`,
    `              WHERE ${present.join(' AND ')} AND ${statement.condition(otherWhere, 'o')}) AS r`,
    `    ON ${pairs.join(' AND ')}`,
    whereLine(statement, where),
  ];
}

function grouped(statement: Statement, columns: readonly ColumnFact[], { dataset, where }: RenderInput): string {
  const keys = columns.map((column) => statement.column(column, 't'));
  const named = keys.map((key, at) => `${key} AS k${at + 1}`);
  return [
    `SELECT ${named.join(', ')}, count(*) AS n`,
    `FROM ${dataset.relation} AS t`,
    `WHERE ${statement.condition(where, 't')}`,
    `GROUP BY ${keys.join(', ')}`,
  ].join(' ');
}

function ignoredGroups({ ignored, columns }: Extract<Question, { shape: 'groups' }>): string {
  const nulls = columns.map((_, at) => `g.k${at + 1} IS NULL`);
  switch (ignored) {
    case 'any_null':
      return `(${nulls.join(' OR ')})`;
    case 'all_null':
      return `(${nulls.join(' AND ')})`;
    case 'none':
      return 'FALSE';
    default:
      return ignored satisfies never;
  }
}

const columnsOf = (question: Question): readonly ColumnFact[] => (question.shape === 'count' ? [] : question.columns);

/** Key columns first, then those that the rule looks at. */
function shownColumns(dataset: DatasetFacts, looked: readonly ColumnFact[]): readonly ColumnFact[] {
  const keys = (dataset.keyColumns ?? []).flatMap((name) => dataset.columns.filter((column) => column.name === name));
  return [...new Map([...keys, ...looked].map((column) => [column.name, column])).values()];
}
