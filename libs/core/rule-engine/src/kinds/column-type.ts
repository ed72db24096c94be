import { Type } from 'typebox';

import { fault } from '../bind-expression.js';
import { type ColumnFact } from '../facts.js';
import { knownFaults, countsOfKnown, knownFound } from '../known-facts.js';
import { defineRuleKind } from '../rule-kind.js';

/** A column has one of the types named: as the source writes it, or the family that all sources share. */
export const columnType = defineRuleKind({
  code: 'column_type',
  title: { en: 'Has a certain type', zh: '字段类型' },
  description: {
    en: 'The column has one of the types named. "varchar" is met by varchar(20), "varchar(20)" by nothing else; case does not matter.',
    zh: '字段类型为所列之一：写 varchar 则 varchar(20) 也符合，写 varchar(20) 则须完全一致；不区分大小写。',
  },
  dimension: 'consistency',
  columns: [1, 1],
  other: 'none',
  nullPolicy: false,
  params: Type.Object(
    {
      types: Type.Array(Type.String({ minLength: 1 }), {
        default: [],
        maxItems: 100,
        title: 'Types as the source writes them',
        'x-title-zh': '数据源类型名',
      }),
      families: Type.Array(
        Type.Enum([
          'text',
          'integer',
          'decimal',
          'float',
          'boolean',
          'date',
          'time',
          'timestamp',
          'timestamptz',
          'uuid',
          'binary',
          'json',
          'array',
          'other',
        ]),
        { default: [], title: 'Families of types', 'x-title-zh': '类型族' },
      ),
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { types, families } }) => {
    const list = [...types, ...families].join(', ');
    return { en: `The type of "${column}" is one of ${list}`, zh: `“${column}”的类型为 ${list} 之一` };
  },
  compile: ({ columns, params: { types, families } }) => {
    const [{ typeFamily, nativeType }] = columns as [ColumnFact];
    if (types.length + families.length === 0) throw fault('it names no type', ['params']);
    if (types.length > 0 && nativeType === undefined && families.length === 0)
      throw fault('the catalog does not know how the source writes this type; name families', ['params', 'types']);
    const fits =
      families.includes(typeFamily) || types.some((type) => nativeType !== undefined && isNamed(nativeType, type));
    const is = nativeType ?? typeFamily;
    return knownFaults(1, fits ? [] : [{ en: `it is ${is}`, zh: `实际为 ${is}` }], { type: is });
  },
  count: countsOfKnown,
  found: knownFound,
  examples: [
    {
      title: 'a text where a number was expected',
      columns: { x: 'text' },
      rows: [['1']],
      rule: { columns: ['x'], params: { families: ['integer', 'decimal'] } },
      expect: { status: 'fail', checked: 1, violations: 1, failingRows: 0 },
    },
    {
      title: 'as the source writes it',
      columns: { x: 'date' },
      rows: [],
      rule: { columns: ['x'], params: { types: ['DATE', 'timestamp'] } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
  ],
});

const tidy = (type: string): string =>
  type
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),])\s*/g, '$1')
    .trim();

/** A name without arguments stands for all of them. */
const isNamed = (native: string, named: string): boolean =>
  tidy(native) === tidy(named) || tidy(native).replace(/\([^)]*\)/g, '') === tidy(named);
