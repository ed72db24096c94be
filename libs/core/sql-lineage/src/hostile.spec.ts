import { ThreadPool } from '#platform/threads';
import { extractOffThread, type ScriptLineage, type SqlDialect, type StatementLineage } from '#core/sql-lineage';
import { line } from './cases/notation.js';

/** On a machine that is busy with other things. */
const PATIENCE = 120_000;

const GOOD = 'insert into b (y) select x from a;\n';
const many = (count: number, piece: (at: number) => string, by = '') =>
  Array.from({ length: count }, (_, at) => piece(at)).join(by);

/** Bytes that are the same each time and look like nothing. */
const noise = (length: number) => {
  const bytes = Buffer.alloc(length);
  for (let at = 0, seed = 7; at < length; at++) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    bytes[at] = seed >> 16;
  }
  return bytes;
};

describe('what nobody should send', () => {
  const pool = new ThreadPool({ threads: 1 });
  afterAll(() => pool.close());

  const read = (sql: string, dialect: SqlDialect = 'postgres', statementMs = 1_500) =>
    extractOffThread(pool, { sql, dialect }, { statementMs });

  const isGood = (statement: StatementLineage | undefined) => {
    expect(statement?.status).toBe('ok');
    expect(statement?.columnEdges.map(line)).toEqual(['a.x -> b.y']);
  };

  /** Nothing of the text but blanks, comments and separators is outside of a statement; whatever is not ok says why, and where. */
  const answersAll = (sql: string, { statements, totals }: ScriptLineage) => {
    let at = 0;
    for (const { start, end, status, reasons, index } of statements) {
      expect(sql.slice(at, start)).toMatch(/^(?:[\s;\ufeff]|--.*)*$/);
      at = Math.max(at, end);
      expect(statements[index]?.start).toBe(start);
      if (status === 'ok') continue;
      expect(reasons.length).toBeGreaterThan(0);
      for (const reason of reasons) {
        expect(reason.code).not.toBe('fault');
        expect(reason.message).not.toBe('');
        expect(reason.start).toBeGreaterThanOrEqual(start);
        expect(reason.end).toBeLessThanOrEqual(end);
      }
    }
    expect(sql.slice(at)).toMatch(/^(?:[\s;]|--.*)*$/);
    expect(Object.values(totals).reduce((sum, count) => sum + count, 0)).toBe(statements.length);
  };

  it.each<[string, string, string]>([
    ['text that is not SQL', 'hello there, this is an e-mail', 'not-parsed'],
    ['10 MB of one sentence', many(370_000, () => 'lorem ipsum dolor sit amet'), 'not-finished'],
    ['NUL bytes', 'select x\0\0 from a', 'not-parsed'],
    [
      '5 MB of rows to insert',
      `insert into t values ${many(400_000, (at) => `(${at},'abcdef')`, ',')}`,
      'not-finished',
    ],
  ])(
    '%s: says so, at its place, and keeps the rest',
    async (_, bad, code) => {
      const sql = `${GOOD}${bad};\n${GOOD}`;
      // The time is short, so that what is too much is too much on any machine.
      const script = await read(sql, 'postgres', code === 'not-finished' ? 1_000 : 10_000);
      answersAll(sql, script);
      expect(script.statements).toHaveLength(3);
      isGood(script.statements[0]);
      expect(script.statements[1]).toMatchObject({
        status: 'failed',
        start: GOOD.length,
        line: 2,
        reasons: [{ code }],
      });
      isGood(script.statements[2]);
    },
    PATIENCE,
  );

  it.each<[string, string]>([
    ['a thousand parentheses', `select ${'('.repeat(1_000)}x${')'.repeat(1_000)} as x from a`],
    ['a thousand derived tables', `select x from ${'(select x from '.repeat(1_000)}a${') t'.repeat(1_000)}`],
    [
      'a thousand CASEs in each other',
      `select ${'case when x = 1 then '.repeat(1_000)}1${' end'.repeat(1_000)} as x from a`,
    ],
    ['a thousand calls in each other', `select ${'coalesce('.repeat(1_000)}x${', 1)'.repeat(1_000)} as x from a`],
    ['100,000 values in a list', `select x from a where x in (${many(100_000, String, ', ')})`],
    ['3,000 ANDs', `select x from a where ${many(3_000, (at) => `x = ${at}`, ' and ')}`],
    ['2,000 queries in a UNION', many(2_000, (at) => `select x from a${at}`, ' union all ')],
    ['3,000 texts joined', `select ${many(3_000, (at) => `c${at}`, ' || ')} as x from a`],
    ['lone surrogates', 'select \ud800 from a where k = "\udc00"'],
    ['200,000 parentheses', '('.repeat(200_000)],
    ['a million quotes', `select ${"'".repeat(1_000_000)}`],
  ])(
    '%s: is understood or says why not, and keeps the rest',
    async (_, deep) => {
      const sql = `${GOOD}${deep};\n${GOOD}`;
      const script = await read(sql);
      answersAll(sql, script);
      isGood(script.statements[0]);
      expect(script.statements[1]?.start).toBe(GOOD.length);
      isGood(script.statements[2]);
    },
    PATIENCE,
  );

  it.each<[string, string, string]>([
    ['a string', "select 'abc from a;\nselect 2", 'not-parsed'],
    ['a quoted name', 'select "abc from a;\nselect 2', 'not-parsed'],
    ['a dollar string', 'select $x$abc from a;\nselect 2', 'not-parsed'],
    ['a comment', '/* abc\nselect 2', 'unfinished-comment'],
    ['a comment in a comment', '/* abc /* d */\nselect 2', 'unfinished-comment'],
  ])('%s without its end takes the rest of the text, and says so', async (_, open, code) => {
    const sql = GOOD + open;
    const script = await read(sql);
    answersAll(sql, script);
    isGood(script.statements[0]);
    expect(script.statements.slice(1)).toMatchObject([
      { status: 'failed', start: GOOD.length, end: sql.length, line: 2, reasons: [{ code }] },
    ]);
  });

  it.each<[string, string]>([
    ['a book', many(2_000, () => 'The quick brown fox; jumps over (the lazy dog’s) bed, and "sleeps".\n')],
    ['binary data', noise(200_000).toString('latin1')],
    ['binary data as UTF-8', noise(200_000).toString('utf8')],
    [
      'Chinese in GBK, taken for Latin',
      Buffer.from('c4fabac3a3acd5e2b2bbcac7', 'hex').toString('latin1').repeat(1_000),
    ],
  ])('%s: every piece is answered', async (_, text) => {
    const sql = `${GOOD}${text}`;
    const script = await read(sql);
    answersAll(sql, script);
    isGood(script.statements[0]);
    expect(script.statements.length).toBeGreaterThan(1);
  });

  it('other dialects in one file are failed or opaque where they cannot be read', async () => {
    const sql = `${GOOD}insert overwrite table t partition (dt='1') select x from a;\nSELECT TOP 5 [x y] FROM [a b];\n${GOOD}`;
    const script = await read(sql);
    answersAll(sql, script);
    isGood(script.statements[0]);
    isGood(script.statements.at(-1));
  });

  it.each<[string, string, number]>([
    ['an empty text', '', 0],
    ['blanks and comments', ' \r\n\t-- nothing\n;;;/* no; */', 0],
    ['a byte order mark', `\ufeff${GOOD}`, 1],
    ['CRLF', `${GOOD}${GOOD}`.replaceAll('\n', '\r\n').replace('select', '\r\nselect'), 2],
    ['a million semicolons', `${GOOD}${';'.repeat(1_000_000)}${GOOD}`, 2],
  ])('%s is nothing special', async (_, sql, count) => {
    const script = await read(sql);
    expect(script.statements).toHaveLength(count);
    script.statements.forEach(isGood);
  });

  it('10,000 statements are all there, in order', async () => {
    const script = await read(many(10_000, (at) => `insert into b${at} (y) select x from a;\n`));
    expect(script.totals).toMatchObject({ ok: 10_000, failed: 0 });
    expect(script.statements.map(({ line: at }) => at)).toEqual(script.statements.map((_, at) => at + 1));
  });
});
