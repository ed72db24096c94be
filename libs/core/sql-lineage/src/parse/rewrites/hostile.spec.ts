import type { SqlDialect } from '../../types.js';
import { dialectOf } from '../../dialects.js';
import { parse } from '../parse.js';
import { Draft } from '../draft.js';
import { FIRST_REWRITES, REWRITES } from './index.js';

/** As long as a file of a data team, and long enough that what takes the square of it never ends. */
const LENGTH = 150_000;

// What begins something and never ends it, and what every look ahead must pass over.
const PIECES = [
  '(',
  'f(a, ',
  '{{ ',
  '${',
  '$[',
  '{% ',
  '&x ',
  'a.',
  "'",
  '"',
  '/*',
  ' ',
  'x = y and ',
  'in (1, ',
  'values ',
  'alter table ',
  'with upsert ',
  'create view ',
  'insert into t ',
  'from (select ',
];
const DIALECTS: readonly SqlDialect[] = ['hive', 'oracle', 'tsql'];

describe('rewrites of hostile text', () => {
  it.each(PIECES)(
    '%j again and again is looked through once, not once from each of them',
    (piece) => {
      const text = `select ${piece.repeat(LENGTH / piece.length)}`;
      for (const dialect of DIALECTS.map(dialectOf)) {
        const words = Draft.of(text).words(dialect.lex);
        for (const rewrite of [...FIRST_REWRITES, ...REWRITES])
          if (rewrite.concerns(text, dialect) && words.deepest < 1_000) rewrite.apply(words, dialect);
      }
    },
    60_000,
  );

  it('of brackets that stand too deep in each other is not tried', () => {
    const text = `select x from ${'(select x from '.repeat(20_000)}a${') t'.repeat(20_000)}`;
    expect(parse(text, dialectOf('postgres'))).toMatchObject({ ok: false });
  }, 60_000);
});
