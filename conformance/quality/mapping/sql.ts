import { commonBlock } from './common.js';
import { type Mapping, type Placed, Refused, type RuleJson } from './mapped.js';
import { Params } from './params.js';
import { type Mappings } from './rule-of.js';
import { said } from './beside.js';

/** How tools name the table that a rule is about: `{batch}`, `{{ model }}`, `${table}`. */
const OWN_TABLE = /\$?\{\{?[^{}]*\}?\}/g;
/** Texts, quoted names and comments are left as they are. */
const PARTS = /('(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/)|([\p{L}_][\p{L}\p{N}_]*)/gu;

/** The SQL of a case, with its tables where they stand. DQDL calls the table that a rule is about `primary`. */
function placedIn(sql: string, { relation, others }: Placed): string {
  return sql
    .replaceAll(OWN_TABLE, () => relation)
    .replaceAll(PARTS, (whole, _quoted: string | undefined, word: string | undefined) => {
      if (word === undefined) return whole;
      if (Object.hasOwn(others, word)) return others[word]!;
      return word === 'primary' ? relation : whole;
    });
}

const noRows: Mapping = (given) => {
  const params = new Params(given);
  const sql = said<string>(params, 'sql');
  const common = commonBlock(params, 'rows');
  params.done();
  if (sql === undefined) throw new Refused('there is no SQL');
  return { rule: (placed) => ({ ...common, kind: 'sql_no_rows', params: { sql: placedIn(sql, placed) } }) };
};

const metric: Mapping = (given) => {
  const params = new Params(given);
  const [sql, expression] = [said<string>(params, 'sql'), said<string>(params, 'expr')];
  const common = commonBlock(params, 'value');
  params.done();
  if (sql === undefined && expression === undefined) throw new Refused('there is no SQL');
  return {
    rule: (placed) => ({
      ...common,
      kind: 'sql_scalar',
      params: { sql: placedIn(sql ?? `SELECT ${expression} AS value FROM {table}`, placed) },
    }),
  };
};

export interface Difference {
  readonly here: string;
  readonly there: string;
  readonly groupBy: readonly string[];
  readonly relative: number | undefined;
  readonly other: string;
}

/** Figures made by expressions that none of our functions is: where they differ, by more than allowed. */
export function sqlDifference({ here, there, groupBy, relative = 0, other }: Difference): (placed: Placed) => RuleJson {
  const keys = groupBy.join(', ');
  const by = keys === '' ? '' : ` GROUP BY ${keys}`;
  const listed = keys === '' ? '' : `${keys}, `;
  return ({ relation, others }) => {
    const one = `SELECT ${listed}1 AS side, ${here} AS figure FROM ${relation}${by}`;
    const two = `SELECT ${listed}2 AS side, ${there} AS figure FROM ${others[other]}${by}`;
    const figure = (side: number) => `max(CASE WHEN side = ${side} THEN figure END)`;
    const near = `abs(${figure(1)} - ${figure(2)}) <= ${relative} * abs(${figure(1)})`;
    const sql = `SELECT ${listed}count(*) AS sides FROM (${one} UNION ALL ${two}) AS both_sides${by} HAVING CASE WHEN ${near} THEN 0 ELSE 1 END = 1`;
    return { kind: 'sql_no_rows', params: { sql } };
  };
}

export const SQL: Mappings = { sql_no_rows: noRows, sql_metric: metric };
