import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import { messageOf } from '#kernel';
import { globalId } from '#platform/graphql';
import { Command } from 'commander';

import { CommandFailed } from '../apps/cli/src/client/exit.js';
import { addReconcile } from '../apps/cli/src/commands/reconcile.js';
import { addReport } from '../apps/cli/src/commands/report.js';
import { type Person, startApi, type TestApi } from './support/api.js';
import { knownSource, type KnownSource } from './support/known-source.js';

const DDL = (name: string) => `
  CREATE TABLE ${name} (id bigint PRIMARY KEY, "金额" numeric(18,2), note text);
  INSERT INTO ${name} VALUES (1, 10.00, 'a'), (2, 20.50, '=HYPERLINK("x")'), (3, 30.00, 'c');
`;

/** The commands as a person types them, against an API with a worker; what others may not do, over GraphQL. */
describe('reconciling by command and over GraphQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-reconcile-'));
  const file = join(folder, 'loan.yaml');
  let api: TestApi;
  let url: string;
  let core: KnownSource;
  let warehouse: KnownSource;

  beforeAll(async () => {
    api = await startApi();
    core = await knownSource(api.app, 'core', DDL('loan'));
    warehouse = await knownSource(api.app, 'dwh', DDL('dwd_loan'));
    await api.app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(api.app.getHttpServer().address() as { port: number }).port}`;
    await api.work();
    writeFileSync(
      file,
      `
name: 贷款核对
owner: 张三
left: { source: core, dataset: public.loan }
right: { source: dwh, dataset: public.dwd_loan }
keys: [{ left: id }]
columns:
  - { left: 金额, absolute: "0.01" }
  - { left: note }
checks:
  - { kind: row_count }
  - { kind: sum, column: 金额 }
  - { kind: keys }
`,
    );
  });
  afterAll(async () => {
    await api.stop();
    await core.drop();
    await warehouse.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const as = async (person: Person, ...words: string[]): Promise<{ said: string; code: number }> => {
    let said = '';
    const hear = (text: string | Uint8Array) => {
      said += String(text);
      return true;
    };
    const streams = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation(hear),
    );
    const before = process.exitCode;
    process.exitCode = 0;
    try {
      const program = new Command().exitOverride();
      addReconcile(program);
      addReport(program);
      await program.parseAsync([...words, '--url', url, '--token', person.token], { from: 'user' });
      return { said, code: Number(process.exitCode) };
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      return { said: said + messageOf(error), code: error.exitCode };
    } finally {
      process.exitCode = before;
      for (const stream of streams) stream.mockRestore();
    }
  };
  const run = (...words: string[]) => as(api.as.steward, 'reconcile', ...words);

  it('goes from a proposal to two signatures', async () => {
    const proposed = await run(
      'suggest',
      'public.loan',
      'public.dwd_loan',
      '--left-source',
      'core',
      '--right-source',
      'dwh',
    );
    expect(proposed.said).toMatch(/keys:\n\s+- left: id\n/);
    expect(proposed.said).toContain('# 金额 → 金额: same name');
    expect(await run('add', file)).toMatchObject({ code: 0, said: expect.stringContaining('贷款核对') });
    expect(await run('run', '贷款核对')).toMatchObject({ code: 0, said: expect.stringMatching(/Verdict\s+agrees/) });
    await warehouse.run(
      `UPDATE dwd_loan SET note = 'other', "金额" = 21 WHERE id = 2; DELETE FROM dwd_loan WHERE id = 3`,
    );
    const broken = await run('run', '贷款核对');
    expect(broken).toMatchObject({ code: 3, said: expect.stringMatching(/Verdict\s+breaks/) });
    expect(broken.said).toMatch(/sum 金额\s+60.5\s+31\s+-29.5\s+fail/);
    const json = await run('run', '贷款核对', '--json');
    expect(JSON.parse(json.said)).toMatchObject({ verdict: 'BREAKS', breakCount: 2, keys: { complete: true } });
    const csv = (await run('breaks', '贷款核对', '--csv')).said.trim().split('\n');
    expect(csv[0]).toBe('id,key,kind,state,differs,first_seen,open_days,reason');
    expect(csv.slice(1).map((each) => each.split(',').slice(1, 4).join())).toEqual(
      expect.arrayContaining(['2,value_differs,open', '3,missing_right,open']),
    );
    const { said } = await run('breaks', '贷款核对', '--kind', 'value_differs', '--json');
    const [{ id }] = JSON.parse(said) as [{ id: string }];
    expect(await run('decide', id, '--write-off', '迟到数据')).toMatchObject({ code: 0 });
    expect((await run('list')).said).toMatch(/贷款核对.*breaks\s+2\s+unsigned/);
    expect((await run('show', '贷款核对')).said).toMatch(/Version\s+1/);
    expect((await run('sign', '贷款核对', '--comment', 'checked')).said).toMatch(/awaiting second/);
    expect(await run('sign', '贷款核对', '--comment', 'again')).toMatchObject({
      code: 2,
      said: expect.stringContaining('second person'),
    });
    const second = await as(api.as.compliance, 'reconcile', 'sign', '贷款核对', '--comment', 'seen');
    expect(second).toMatchObject({ code: 0, said: expect.stringMatching(/Signed\s+signed/) });
    // The same file again is a new version, not a second reconciliation.
    expect((await run('add', file)).said).toMatch(/Version\s+2/);
  });

  it.each([
    ['zh', '数据核对报告', '待第二人签核', '已签核'],
    ['en', 'Reconciliation report', 'Awaits a second person', 'Signed'],
  ])('is told by the report for compliance (%s)', async (language, title, awaiting, signed) => {
    const make = async (...scope: string[]) => {
      const out = join(folder, `report-${language}.html`);
      const words = ['--kind', 'reconciliation', '--language', language, '--format', 'html', '--format', 'json'];
      const { said, code } = await as(api.as.compliance, 'report', 'make', ...words, '--out', out, '--json', ...scope);
      expect({ said, code }).toMatchObject({ code: 0 });
      return readFileSync(out, 'utf8');
    };
    const page = await make();
    for (const part of [title, '贷款核对', 'public.dwd_loan', '-29.5', 'checked', 'seen', signed])
      expect(page).toContain(part);
    expect(page).not.toContain(awaiting);
    // 3 runs: one agrees, two have breaks; of two open breaks one was written off.
    for (const [figure, value] of [
      ['agrees', 1],
      ['breaks', 2],
      ['open', 1],
    ] as const)
      expect(page).toMatch(new RegExp(`data-figure="${figure}:[^"]*"[^>]*>${value}<`));
    expect(await make('--owner', '李四')).not.toContain('贷款核对');
  });

  it.each<[string, string[], RegExp]>([
    ['a name that nothing has', ['run', 'nope'], /There is no reconciliation "nope"/],
    ['a file that is not there', ['add', '/nowhere.yaml'], /cannot be read/],
    ['a decision that is none', ['decide', 'x'], /either --explain REASON or --write-off/],
  ])('refuses %s with exit code 2', async (_, words, sentence) => {
    expect(await run(...words)).toMatchObject({ code: 2, said: expect.stringMatching(sentence) });
  });

  it('says where a file does not fit the datasets', async () => {
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(
      wrong,
      'name: x\nleft: { source: core, dataset: public.loan }\nright: { source: dwh, dataset: public.dwd_loan }\n' +
        'keys: [{ left: id }]\ncolumns: [{ left: note, right: 金额 }]\nchecks: [{ kind: keys }]\n',
    );
    expect(await run('add', wrong)).toMatchObject({
      code: 2,
      said: expect.stringMatching(/definition\.columns\.0: .*types that cannot be compared/),
    });
  });

  const ID = globalId('Reconciliation', '01900000-0000-7000-8000-000000000000');
  const RUN_ID = globalId('ReconciliationRun', '01900000-0000-7000-8000-000000000000');
  const BREAK_ID = globalId('ReconciliationBreak', '01900000-0000-7000-8000-000000000000');
  it.each<['viewer' | 'engineer' | 'compliance', string]>([
    ['viewer', `mutation { runReconciliation(id: "${ID}") { userErrors { code } } }`],
    ['compliance', `mutation { retireReconciliation(id: "${ID}") { userErrors { code } } }`],
    ['viewer', `mutation { scheduleReconciliation(id: "${ID}") { userErrors { code } } }`],
    ['engineer', `mutation { signReconciliationRun(id: "${RUN_ID}", comment: "x") { userErrors { code } } }`],
    ['viewer', `mutation { signReconciliationRun(id: "${RUN_ID}", comment: "x") { userErrors { code } } }`],
    [
      'engineer',
      `mutation { decideReconciliationBreak(id: "${BREAK_ID}", decision: EXPLAINED, reason: "x") { userErrors { code } } }`,
    ],
  ])('a %s may not: %s', async (role, query) => {
    const { errors } = await api.as[role].ask(query);
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});
