import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { projectRoot } from '#platform/config';

const MAIN = join(projectRoot, 'dist', 'apps', 'cli', 'src', 'main.js');

interface Ran {
  readonly out: string;
  readonly err: string;
  readonly code: number | null;
}

describe('plumbline rule, without a server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'try-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return name;
  };

  /** Runs the built command, where there is no catalog and no server. */
  function run(args: readonly string[], input = ''): Promise<Ran> {
    const child = spawn(process.execPath, [MAIN, 'rule', ...args], { cwd: folder, env: {} });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part));
    child.stdin.end(input);
    return new Promise((done) => child.once('close', (code) => done({ out, err, code })));
  }

  const LOANS = '借据号,amount,client_id\nL1,10.50,1\nL2,-3,2\nL3,,9\n';
  const trim = (out: string) => out.split('\n').map((line) => line.trimEnd());

  describe('try', () => {
    it('says what holds and what does not, with rows that break it, and ends with 3', async () => {
      const ran = await run([
        'try',
        file('loan.csv', LOANS),
        '--rule',
        'not_null 借据号',
        '--rule',
        'between amount min=0',
      ]);
      expect(ran.code).toBe(3);
      expect(trim(ran.out)).toEqual([
        '✓ pass  loan  not_null(借据号)',
        '  "借据号" has a value: holds for all 3 rows checked.',
        '✗ fail  loan  between(amount)',
        '  "amount" is ≥ 0: 1 of 2 rows checked break this (50 %), which is not allowed.',
        '  借据号    amount',
        '  L2        -3',
        '',
      ]);
      expect(ran.err).toBe('2 rules: 1 pass, 1 fail.\n');
    });

    it('shows the SQL that ran, with its parameters', async () => {
      const ran = await run(['try', 'loan.csv', '--sql', '--rule', 'in_set 借据号 values=L1,L2']);
      expect(ran.out).toContain(`read_csv('${join(folder, 'loan.csv')}'`);
      expect(ran.out).toMatch(/-- \$1 = "L1", \$2 = "L2"/);
    });

    it('in Chinese', async () => {
      const ran = await run(['try', 'loan.csv', '--rule', 'not_null 借据号', '--language', 'zh']);
      expect(trim(ran.out)[0]).toBe('✓ 通过  loan  not_null(借据号)');
    });

    it.each([
      ['JSON Lines', 'a.jsonl', '{"x": 1}\n{"x": null}\n'],
      ['JSON', 'a.json', '[{"x": 1}, {"x": null}]'],
      ['packed CSV', 'a.csv.gz', gzipSync('x,y\n1,a\n,b\n')],
      ['TSV', 'a.tsv', 'x\ty\n1\ta\n\tb\n'],
    ])('reads %s', async (_, name, content) => {
      const ran = await run(['try', file(name, content), '--rule', 'not_null x', '--json']);
      const { results } = JSON.parse(ran.out) as { results: object[] };
      expect(results).toMatchObject([{ dataset: 'a', status: 'fail', checked: '2', violations: '1' }]);
      expect(ran.code).toBe(3);
    });

    it('two files and a rule about both, of a file of rules; what it does not understand is told', async () => {
      file('client.csv', 'id,name\n1,甲\n2,乙\n');
      const rules = file(
        'schema.yml',
        "models:\n  - name: loan\n    columns:\n      - name: client_id\n        tests:\n          - relationships: {to: ref('client'), field: id}\n          - my_test\n  - name: other\n    columns: [{name: a, tests: [not_null]}]\n",
      );
      const ran = await run(['try', 'loan=loan.csv', 'client.csv', '--rules', rules]);
      expect(trim(ran.out)[0]).toBe('✗ fail  loan  foreign_key(client_id)');
      expect(ran.err).toContain('schema.yml:7  my_test: not understood: it is a test of the project');
      expect(ran.err).toContain('Rules for other were left out');
      expect(ran.code).toBe(3);
    });

    it('opens nothing but its files', async () => {
      file('secret.csv', 'x\n1\n');
      const sql = `select * from read_csv('${join(folder, 'secret.csv')}')`;
      const ran = await run(['try', 'loan.csv', '--rule', `sql_no_rows sql="${sql}"`]);
      expect(ran.out).toContain('? error');
      expect(ran.out).not.toContain('it finds 1');
      expect(ran.code).toBe(1);
    });

    it.each([
      ['no rule', ['try', 'loan.csv'], 'Write one with --rule'],
      ['no file', ['try', '--rule', 'not_null x'], 'Name a file of data'],
      ['a file that is not there', ['try', 'none.csv', '--rule', 'not_null x'], 'There is no file none.csv'],
      ['a file of another kind', ['try', 'a.xlsx', '--rule', 'not_null x'], 'no CSV, TSV, Parquet'],
      ['an unknown kind', ['try', 'loan.csv', '--rule', 'is_good x'], 'there is no kind "is_good"'],
      ['a rules file that is none', ['try', 'loan.csv', '--rules', 'loan.csv'], 'Nothing tells whose checks these are'],
      [
        'two files of one name',
        ['try', 'loan.csv', 'loan=client.csv', '--rule', 'not_null x'],
        'Two files are called loan',
      ],
      ['a wrong language', ['try', 'loan.csv', '--rule', 'not_null x', '--language', 'fr'], '--language is zh or en'],
    ])('refuses %s', async (_, args, sentence) => {
      const ran = await run(args);
      expect(ran.err).toContain(sentence);
      expect(ran).toMatchObject({ code: 2, out: '' });
    });

    it('a column that is not there is a fault of the rule', async () => {
      const ran = await run(['try', 'loan.csv', '--rule', 'not_null nowhere']);
      expect(ran.out).toContain('loan has no column "nowhere"');
      expect(ran.code).toBe(2);
    });
  });

  it('answers lines: tables with rules', async () => {
    const table = { columns: [{ name: 'x', type: 'decimal' }], rows: [['0.1'], [null], ["1'"]] };
    const good = { ...table, rows: [[0.1], [null]] };
    const ran = await run(
      ['try', '--jsonl'],
      [
        JSON.stringify({
          id: 1,
          table: good,
          rules: ['not_null x', { kind: 'row_count', params: { min: 2, max: 2 } }],
        }),
        JSON.stringify({ id: 2, table, rule: 'not_null x' }),
        '{"id": 3, "rule": "not_null x"}',
        'no JSON',
        JSON.stringify({
          id: 5,
          table: good,
          otherTables: { 乙: { ...good, rows: [] } },
          rule: 'foreign_key x refColumns=x',
        }),
      ].join('\n'),
    );
    const lines = ran.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      { id: 1, results: [{ status: 'fail', violations: '1' }, { status: 'pass' }] },
      { id: 2, results: [{ status: 'error' }] },
      { id: 3, line: 3, error: 'table has no "columns": [{"name", "type"}].' },
      { line: 4, error: expect.stringContaining('JSON') as unknown },
      { id: 5, results: [{ status: 'fail', checked: '1', violations: '1' }] },
    ]);
    expect(ran.code).toBe(0);
  });

  it('import prints rules that it reads again, and notes', async () => {
    const suite = JSON.stringify({
      expectations: [
        { type: 'expect_column_values_to_be_in_set', kwargs: { column: 'x', value_set: ['a'], mostly: 0.9 } },
        { type: 'expect_the_best', kwargs: {} },
      ],
    });
    const ran = await run(['import', file('suite.json', suite)]);
    expect(ran.out).toBe(
      'rules:\n  - kind: in_set\n    columns:\n      - x\n    params:\n      values:\n        - a\n    threshold:\n      metric: ratio\n      fail:\n        gt: 0.1\n    onEmpty: pass\n',
    );
    expect(ran.err).toContain('suite.json:1  expect_the_best: not understood');
    expect(ran.code).toBe(3);
    const again = await run(['import', '-', '--json'], ran.out);
    expect(JSON.parse(again.out)).toMatchObject({ format: 'rules', complete: true, rules: [{ kind: 'in_set' }] });
    const contract = await run(['export', '-', '--id', 'x'], ran.out);
    expect(contract.out).toContain('engine: plumbline');
  });

  it('lists kinds, and shows one', async () => {
    const list = await run(['kinds', '--language', 'zh']);
    expect(list.out).toContain('not_null');
    expect(list.out).toContain('非空');
    const one = await run(['kinds', 'unique']);
    expect(one.out).toContain('# unique: Is unique');
    expect(one.out).toContain('| `counted` | What counts as a violation');
    expect(one.out).toContain('Verdict: **fail**');
    expect(await run(['kinds', 'nothing'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('there is no kind "nothing"') as unknown,
    });
  });
});
