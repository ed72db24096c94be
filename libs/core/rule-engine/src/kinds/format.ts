import { Type } from 'typebox';

import { termOf } from '../bind-expression.js';
import { FORMATS, hasFormat } from '../formats/formats.js';
import { expectText } from '../kind-parts.js';
import { defineRuleKind, rowsThatPass } from '../rule-kind.js';

/** The text is an identifier or a value of a known format, check digits included. */
export const format = defineRuleKind({
  code: 'format',
  title: { en: 'Has a known format', zh: '符合标准格式' },
  description: {
    en: 'The text is an identifier or a value of a known format, check digits included: resident id, unified social credit code, bank card, LEI, IBAN, mobile number, e-mail and others. That it has the form does not mean that it was given out.',
    zh: '文本符合标准格式（含校验位）：身份证号、统一社会信用代码、银行卡号、LEI、IBAN、手机号、电子邮箱等；形式正确不代表真实存在。',
  },
  dimension: 'validity',
  columns: [1, 1],
  other: 'none',
  nullPolicy: true,
  params: Type.Object(
    {
      format: Type.Enum([...FORMATS], {
        title: 'Format',
        'x-title-zh': '格式',
        description: 'resident_id: 18 characters. bank_card: Luhn. mobile: of mainland China. us_ssn: 078-05-1120.',
        'x-description-zh':
          'resident_id：18 位身份证号；uscc：统一社会信用代码；bank_card：银行卡号（Luhn）；mobile：手机号；iso_currency：币种代码。',
      }),
    },
    { additionalProperties: false },
  ),
  says: ({ columns: [column], params: { format } }) => ({
    en: `"${column}" is a valid ${format}`,
    zh: `“${column}”符合 ${format} 格式`,
  }),
  compile: ({ columns, params: { format }, nullPolicy }) => {
    const column = columns[0]!;
    expectText(column, 'a format');
    return { asks: { measure: rowsThatPass(columns, hasFormat(format, termOf(column)), nullPolicy) } };
  },
  examples: [
    {
      title: 'resident ids',
      columns: { x: 'text' },
      rows: [
        ['11010519491231002X'],
        ['11010519491231002x'],
        ['110105194912310021'],
        ['110105194902310026'],
        ['110105491231002'],
        [''],
        [null],
      ],
      rule: { columns: ['x'], params: { format: 'resident_id' } },
      expect: { status: 'fail', rows: 7, checked: 6, violations: 4, failingRows: 4 },
    },
    {
      title: 'credit codes',
      columns: { x: 'text' },
      rows: [['91110000600037341L'], ['91110000600037342L'], ['91350100M000100Y43'], ['91110000O00037341L']],
      rule: { columns: ['x'], params: { format: 'uscc' } },
      expect: { status: 'fail', checked: 4, violations: 2 },
    },
    {
      title: 'bank cards, in groups or not',
      columns: { x: 'text' },
      rows: [['4111111111111111'], ['4111 1111-1111 1111'], ['4111111111111112'], ['0000000000000000']],
      rule: { columns: ['x'], params: { format: 'bank_card' } },
      expect: { status: 'fail', checked: 4, violations: 2 },
    },
    {
      title: 'legal entities',
      columns: { x: 'text' },
      rows: [['213800KUD8LAJWSQ9D15'], ['213800KUD8LXJWSQ9D15']],
      rule: { columns: ['x'], params: { format: 'lei' } },
      expect: { status: 'fail', checked: 2, violations: 1 },
    },
    {
      title: 'accounts',
      columns: { x: 'text' },
      rows: [['GB82 WEST 1234 5698 7654 32'], ['DE89370400440532013000'], ['GB82WEST12345698765433']],
      rule: { columns: ['x'], params: { format: 'iban' } },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'mobile numbers',
      columns: { x: 'text' },
      rows: [['13800138000'], ['+8613800138000'], ['12345678901']],
      rule: { columns: ['x'], params: { format: 'mobile' } },
      expect: { status: 'fail', checked: 3, violations: 1 },
    },
    {
      title: 'e-mail addresses',
      columns: { x: 'text' },
      rows: [['a.b+c@example.com'], ['张三@例子.中国'], ['a@b'], ['a b@c.de'], ['@c.de']],
      rule: { columns: ['x'], params: { format: 'email' } },
      expect: { status: 'fail', checked: 5, violations: 3 },
    },
    {
      title: 'addresses of pages and hosts',
      columns: { x: 'text' },
      rows: [['https://example.com/a?b=c#d'], ['http://[::1]:8080'], ['ftp://example.com'], ['https://exa mple.com']],
      rule: { columns: ['x'], params: { format: 'url' } },
      expect: { status: 'fail', checked: 4, violations: 2 },
    },
    {
      title: 'money',
      columns: { x: 'text' },
      rows: [['CNY'], ['USD'], ['RMB'], ['cny']],
      rule: { columns: ['x'], params: { format: 'iso_currency' } },
      expect: { status: 'fail', checked: 4, violations: 2 },
    },
    {
      title: 'hosts by number',
      columns: { x: 'text' },
      rows: [['10.0.0.1'], ['256.0.0.1'], ['1.2.3']],
      rule: { columns: ['x'], params: { format: 'ipv4' } },
      expect: { status: 'fail', checked: 3, violations: 2 },
    },
    {
      title: 'all of them right',
      columns: { x: 'text' },
      rows: [['0192f3a4-0000-7000-8000-000000000000']],
      rule: { columns: ['x'], params: { format: 'uuid' } },
      expect: { status: 'pass', checked: 1, violations: 0 },
    },
    {
      title: 'an empty table',
      columns: { x: 'text' },
      rows: [],
      rule: { columns: ['x'], params: { format: 'date' } },
      expect: { status: 'not_evaluated', rows: 0, checked: 0 },
    },
  ],
});
