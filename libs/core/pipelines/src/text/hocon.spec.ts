import fc from 'fast-check';

import { dotted, readHocon } from './hocon.js';
import { Unreadable } from './unreadable.js';
import { type Value } from './value.js';

function plain(value: Value): unknown {
  if (value.kind === 'object') return value.entries.map(({ key, value: each }) => [key, plain(each)]);
  if (value.kind === 'array') return value.items.map(plain);
  if (value.kind === 'null') return null;
  return value.kind === 'string' ? value.text : (JSON.parse(value.text ?? '') as unknown);
}

describe('HOCON', () => {
  it.each([
    [
      'fields without braces',
      'a = 1\nb: "x", c { d = true }',
      [
        ['a', 1],
        ['b', 'x'],
        ['c', [['d', true]]],
      ],
    ],
    [
      'comments',
      '# 一\na = x // y\nb = "http://h" # z',
      [
        ['a', 'x'],
        ['b', 'http://h'],
      ],
    ],
    [
      'words without quotes',
      'name = 客户 同步  \npath = /data/a.b',
      [
        ['name', '客户 同步'],
        ['path', '/data/a.b'],
      ],
    ],
    ['strings in three quotes', 'q = """select "a"\n from t"""', [['q', 'select "a"\n from t']]],
    ['lists on lines', 'l = [\n a\n "b c",\n 3\n]', [['l', ['a', 'b c', 3]]]],
    ['adding to a list', 'l = [1]\nl += 2', [['l', [[1], 2].flat()]]],
    ['a later value', 'a = 1\na = 2', [['a', 2]]],
    [
      'two objects of one name',
      'a { x = 1 }\na { y = 2 }',
      [
        [
          'a',
          [
            ['x', 1],
            ['y', 2],
          ],
        ],
      ],
    ],
    [
      'two plugins of one name',
      'source { J { x = 1 }\n J { x = 2 } }',
      [
        [
          'source',
          [
            ['J', [['x', 1]]],
            ['J', [['x', 2]]],
          ],
        ],
      ],
    ],
    ['dotted names stay', 'env { job.mode = "BATCH" }', [['env', [['job.mode', 'BATCH']]]]],
    ['a block by a dotted name', 'env.job.mode = BATCH', [['env', [['job.mode', 'BATCH']]]]],
    [
      'what stands before',
      'u = "h"\nv = ${u}\nw = ${u}":1"\nx = ${nobody}',
      [
        ['u', 'h'],
        ['v', 'h'],
        ['w', 'h:1'],
        ['x', '${nobody}'],
      ],
    ],
    ['JSON', '{"a": {"b": [1, null, "x"]}}', [['a', [['b', [1, null, 'x']]]]]],
    [
      'fields on one line without commas',
      'J { url = "u" user="x" p = 1 q = w z }',
      [
        [
          'J',
          [
            ['url', 'u'],
            ['user', 'x'],
            ['p', 1],
            ['q', 'w z'],
          ],
        ],
      ],
    ],
  ])('%s', (_, text, expected) => {
    expect(plain(readHocon(text).value)).toEqual(expected);
  });

  it('tells what it does not follow', () => {
    const { remarks } = readHocon('include file("x.conf")\na = ${b}\nc { d = "1" e = 2 }');
    expect(remarks.map(({ code, text }) => [code, text])).toEqual([
      ['include', 'x.conf'],
      ['substitution', '${b}'],
      ['missing-comma', ''],
    ]);
  });

  it('finds a dotted name however it is written', () => {
    const { value } = readHocon('a { b.c = 1 }\nd.e.f = 2');
    expect([dotted(value, 'a.b.c')?.text, dotted(value, 'd.e.f')?.text, dotted(value, 'a.x')?.text]).toEqual([
      '1',
      '2',
      undefined,
    ]);
  });

  it('knows where the characters of a string stand', () => {
    const text = 'a = "x\\"y 表"\nb = """1\n2"""';
    const { value } = readHocon(text);
    const [a, b] = [value.field('a')!, value.field('b')!];
    expect(text[a.at(a.text!.indexOf('表'))]).toBe('表');
    expect(text[b.at(2)]).toBe('2');
  });

  it.each([
    ['a { b = 1', 2, 'A brace is not closed.'],
    ['a = [1, 2', 4, 'A list is not closed.'],
    ['a = "x', 4, 'A string is not closed.'],
    ['a', 1, '"=" or "{" is missing behind "a".'],
    ['a = 1 }', 6, 'A name should stand where "}" is.'],
  ])('refuses %j with the place', (text, offset, message) => {
    const error = (() => {
      try {
        return readHocon(text);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(Unreadable);
    expect(error).toMatchObject({ offset, message });
  });

  it('gives a value or says where it could not, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom(
            '{',
            '}',
            '[',
            ']',
            '"',
            '"""',
            '=',
            ':',
            ',',
            '\\',
            '//',
            '#',
            'a',
            '1',
            '.',
            '\n',
            ' ',
            '${',
            '+=',
          ),
        ),
        (parts) => {
          try {
            readHocon(parts.join(''));
          } catch (error) {
            expect(error).toBeInstanceOf(Unreadable);
          }
        },
      ),
    );
  });
});
