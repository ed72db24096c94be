import fc from 'fast-check';

import { readLenientJson } from './lenient-json.js';
import { Unreadable } from './unreadable.js';
import { Value } from './value.js';

/** The value as JSON has it. */
function plain(value: Value): unknown {
  if (value.kind === 'object')
    return Object.fromEntries(value.entries.map(({ key, value: each }) => [key, plain(each)]));
  if (value.kind === 'array') return value.items.map(plain);
  if (value.kind === 'null') return null;
  return value.kind === 'string' ? value.text : (JSON.parse(value.text ?? '') as unknown);
}

describe('JSON as people write it', () => {
  it.each([
    ['comments', '{ // 全量\n "a": 1, /* b */ "c": 2 # d\n}', { a: 1, c: 2 }, ['comment', 'comment', 'comment']],
    ['a comma too many', '{"a": [1, 2, ], "b": 3,,}', { a: [1, 2], b: 3 }, ['trailing-comma', 'trailing-comma']],
    ['a comma too few', '{"a": 1 "b": [1 2]}', { a: 1, b: [1, 2] }, ['missing-comma', 'missing-comma']],
    ['single quotes and bare names', "{'a': 'x', b: 1}", { a: 'x', b: 1 }, ['quotes', 'quotes', 'quotes']],
    ['full-width signs', '{"a"："x"，"b": 1}', { a: 'x', b: 1 }, ['full-width', 'full-width']],
    ['parameters without quotes', '{"channel": ${n}, "x": 1}', { channel: '${n}', x: 1 }, ['quotes']],
    [
      'something left out',
      '{"reader": { ... }, "writer": {…}}',
      { reader: {}, writer: {} },
      ['placeholder', 'placeholder'],
    ],
    ['line breaks in strings', '{"sql": "select a\n from t"}', { sql: 'select a\n from t' }, []],
    ['a byte order mark', '\uFEFF{"a": null}', { a: null }, []],
    ['a URL is no comment', '{"a": "jdbc:mysql://h/d"}', { a: 'jdbc:mysql://h/d' }, []],
  ])('%s', (_, text, expected, lenience) => {
    const read = readLenientJson(text);
    expect(plain(read.value)).toEqual(expected);
    expect(read.lenience.map(({ code }) => code)).toEqual(lenience);
  });

  it.each([
    ['', 0, 'A value should stand where the end of the text is.'],
    ['{"a": 1', 7, 'The text ends before "}".'],
    ['{"a" 1}', 5, 'A colon is missing behind "a", before "1".'],
    ['["a', 1, 'A string is not closed.'],
    ['{"a": 1} x', 9, '"x" stands behind the end of the JSON.'],
    ['[/* x', 1, 'A comment is not closed.'],
    ['['.repeat(300), 201, 'More than 200 values stand in each other.'],
  ])('refuses %j with the place', (text, offset, message) => {
    const error = (() => {
      try {
        return readLenientJson(text);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(Unreadable);
    expect(error).toMatchObject({ offset, message });
  });

  it('knows where each character of a string stands, also in a string in a string', () => {
    const inner = JSON.stringify({ sql: 'select "名\t" from t' });
    const text = `{"x": 1, "json": ${JSON.stringify(inner)}}`;
    const outer = readLenientJson(text).value.field('json')!;
    const sql = readLenientJson(outer.text!, outer.at).value.field('sql')!;
    const from = sql.at(sql.text!.indexOf('from'));
    expect(text.slice(from, from + 6)).toBe('from t');
  });

  it('reads all JSON as JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const read = readLenientJson(JSON.stringify(value));
        expect(plain(read.value)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(read.lenience).toEqual([]);
      }),
    );
  });

  it('gives a value or says where it could not, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.constantFrom('{', '}', '[', ']', '"', "'", ':', ',', '\\', '/', '*', 'a', '1', '.', '\n', '，', '${'),
        ),
        (parts) => {
          const text = parts.join('');
          try {
            readLenientJson(text);
          } catch (error) {
            expect(error).toBeInstanceOf(Unreadable);
            expect((error as Unreadable).offset).toBeLessThanOrEqual(text.length);
          }
        },
      ),
    );
  });
});
