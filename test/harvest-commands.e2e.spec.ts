import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import { messageOf } from '#kernel';
import { Command } from 'commander';

import { CommandFailed } from '../apps/cli/src/client/exit.js';
import { addAsset } from '../apps/cli/src/commands/asset.js';
import { addDiff } from '../apps/cli/src/commands/diff.js';
import { addHarvest } from '../apps/cli/src/commands/harvest.js';
import { addRename } from '../apps/cli/src/commands/rename.js';
import { addSource } from '../apps/cli/src/commands/source.js';
import { startApi, type TestApi } from './support/api.js';
import { sourceDatabase, type SourceDatabase } from './support/source.js';

/** The commands as a person types them, against an API with a worker. */
describe('the commands around a harvest', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plumbline-commands-')));
  const databases: SourceDatabase[] = [];
  let api: TestApi;
  let url: string;

  beforeAll(async () => {
    mkdirSync(join(folder, 'loans'));
    writeFileSync(join(folder, 'loans', 'card.csv'), 'id;type\n1;gold\n');
    writeFileSync(join(folder, 'loans', 'loan.csv'), 'id;balance\n1;2.5\n');
    api = await startApi({ trustedFolders: [folder] });
    await api.app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(api.app.getHttpServer().address() as { port: number }).port}`;
    await api.work();
  });
  afterAll(async () => {
    await api.stop();
    for (const database of databases) await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a command wrote, to both streams, and its exit code. */
  const run = async (...words: string[]): Promise<{ said: string; code: number }> => {
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
      for (const add of [addSource, addHarvest, addDiff, addRename, addAsset]) add(program);
      await program.parseAsync([...words, '--url', url, '--token', api.as.administrator.token], { from: 'user' });
      return { said, code: Number(process.exitCode) };
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      return { said: said + messageOf(error), code: error.exitCode };
    } finally {
      process.exitCode = before;
      for (const stream of streams) stream.mockRestore();
    }
  };
  const database = async (sql: string) => {
    const made = await sourceDatabase(sql);
    databases.push(made);
    const flags = Object.entries(made.settings)
      .filter(([name]) => name !== 'password')
      .flatMap(([name, value]) => ['--set', `${name}=${String(value)}`]);
    process.env.SOURCE_PASSWORD = String(made.settings.password ?? '');
    return {
      made,
      flags: made.settings.password === undefined ? flags : [...flags, '--secret', 'password=env:SOURCE_PASSWORD'],
    };
  };

  it('a source that cannot be read is kept, and mended by changing it', async () => {
    const { made, flags } = await database('CREATE TABLE public.a (id int)');
    const wrong = await run(
      'source',
      'add',
      'postgres',
      '核心 "1"',
      ...flags,
      '--set',
      'database=2026',
      '--owner',
      '张三',
    );
    expect(wrong.said).toMatch(/no database "?2026"?/);
    expect(wrong.said).toMatch(/kept all the same. Mend it with: plumbline source change "核心 \\"1\\""/);
    expect(wrong.code).toBe(3);
    const mended = await run(
      'source',
      'change',
      '核心 "1"',
      '--set',
      `database=${made.name}`,
      '--name',
      '核心',
      '--exclude',
      'tmp_*',
    );
    expect(mended.said).toMatch(/Name +核心\n/);
    expect(mended.said).toMatch(/Without +tmp_\*\n/);
    expect(mended.said).toMatch(/Owner +张三\n/);
    expect(mended.said).toMatch(
      /answers well, with datasets: 1, of which 1 can be read. Read it with: plumbline harvest "核心"/,
    );
    expect(mended.code).toBe(0);
    const again = await run('source', 'change', '核心', '--exclude', '', '--set', 'tls=');
    expect(again.said).toMatch(/"tls":"prefer"/);
    expect(again.said).toMatch(/Without +–\n/);
  });

  it.each<[string, string[], RegExp]>([
    [
      'an unknown kind',
      ['source', 'add', 'oracle', 'x'],
      /no kind of source "oracle". There are: postgres, mysql, files/,
    ],
    ['a text for a number', ['source', 'add', 'postgres', 'x', '--set', 'port=abc'], /settings\.port: must be integer/],
    ['a setting without a value', ['source', 'add', 'postgres', 'x', '--set', 'port'], /"port" is not name=value/],
    ['an unknown source', ['source', 'change', 'nobody', '--owner', 'x'], /no source "nobody"/],
    ['an unknown level', ['asset', 'describe', 'x', '--level', 'L9'], /"L9" is no security level. Write L1, L2/],
    [
      'an unknown time zone',
      ['harvest', 'schedule', '核心', '0 1 * * *', '--time-zone', 'Mars/X'],
      /no time zone "Mars\/X"/,
    ],
  ])('%s is refused with a sentence', async (_, words, sentence) => {
    const { said, code } = await run(...words);
    expect(said).toMatch(sentence);
    expect(code).toBe(2);
  });

  it('shows what a test found, the schedule, and what a harvest would change', async () => {
    const added = await run(
      'source',
      'add',
      'files',
      '贷款',
      '--set',
      `folder=${folder}/loans`,
      '--set',
      'alias=loans',
    );
    expect(added.said).toMatch(/answers well, with datasets: 2\. /);
    expect((await run('source', 'test', '贷款')).said).toMatch(/Datasets +2\n/);
    await run('harvest', 'schedule', '贷款', '30 2 * * *', '--time-zone', 'Asia/Shanghai');
    expect((await run('source', 'show', '贷款')).said).toMatch(/Schedule +30 2 \* \* \* \(Asia\/Shanghai\), next 2\d/);
    expect((await run('harvest', '贷款', '--dry-run')).said).toMatch(/card\.csv +added/);
    expect((await run('harvest', '贷款')).said).toMatch(/Added +2\n/);
    const nothing = await run('harvest', '贷款', '--scope', 'nix*');
    expect(nothing.said).toMatch(/no schema or folder like "nix\*"\. It has: \.\./);
    expect(nothing.code).toBe(3);
  });

  it('finds a table by its source where two sources have it, and tells the level that counts', async () => {
    const { flags } = await database('CREATE TABLE public.client (id int, mobile text)');
    for (const name of ['first', 'second']) {
      await run('source', 'add', 'postgres', name, ...flags);
      await run('harvest', name);
    }
    const both = await run('asset', 'show', 'public.client');
    expect(both.said).toMatch(/names 2 things. Say which, by its whole name or with --source:/);
    expect(both.said).toMatch(/public\.client {2}\(first\)/);
    await run('asset', 'describe', 'public.client#mobile', '--source', 'Second', '--name', '手机', '--level', 'l4');
    const second = await run('asset', 'show', 'public.client', '--source', 'second');
    expect(second.said).toMatch(/Effective level +L4, of its column mobile, by administrator/);
    expect(second.said).toMatch(/mobile +text +手机 +L4/);
    const urn = /Name +(\S+)/.exec(second.said)?.[1] ?? '';
    expect((await run('asset', 'show', urn, '--source', 'first')).said).toMatch(/Effective level +–/);
  });

  it('tells of a move only where columns changed their order, and of keys only those that are others', async () => {
    const { made, flags } = await database(
      'CREATE TABLE public.t (a int PRIMARY KEY, b text, c text); CREATE INDEX old ON public.t (b); CREATE INDEX kept ON public.t (c)',
    );
    await run('source', 'add', 'postgres', 'diffs', ...flags);
    await run('harvest', 'diffs');
    await made.run('DROP INDEX public.old; CREATE INDEX new ON public.t (b); ALTER TABLE public.t DROP b, ADD d date');
    await run('harvest', 'diffs');
    const { said } = await run('diff', 'diffs');
    expect(said).toMatch(/- b text {2}\[breaking\]/);
    expect(said).toMatch(/\+ d date/);
    expect(said).toMatch(/~ indexes btree old \(b\) → –/);
    expect(said).not.toMatch(/ordinal|kept/);
  });

  it('a name that two sources have is refused until one is chosen', async () => {
    const { flags } = await database('CREATE TABLE public.twice (id int)');
    for (const name of ['第一 账户', '第二 账户']) {
      expect(await run('source', 'add', 'postgres', name, ...flags)).toMatchObject({ code: 0 });
      expect(await run('harvest', name)).toMatchObject({ code: 0 });
    }
    const [, urn] = /(postgres:\/\/\S+\.public\.twice) /.exec((await run('asset', 'search', 'twice')).said)!;
    for (const name of [urn!, 'public.twice', `${urn}#id`]) {
      const both = await run('asset', 'show', name);
      expect(both.code).toBe(2);
      for (const part of ['第一 账户', '第二 账户', '--source']) expect(both.said).toContain(part);
      const one = await run('asset', 'show', name, '--source', '第二 账户', '--json');
      expect(one).toMatchObject({ code: 0, said: expect.stringContaining('第二 账户') });
    }
    const asked = await api.as.viewer.ask('query ($urn: String!) { asset(urn: $urn) { __typename } }', { urn });
    expect(asked.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/2 sources have .*"第一 账户", "第二 账户".*sourceId/),
      extensions: { code: 'AMBIGUOUS_ASSET' },
    });
    await run('source', 'retire', '第一 账户');
    expect(await run('asset', 'show', urn!, '--json')).toMatchObject({
      code: 0,
      said: expect.stringContaining('第二 账户'),
    });
  });
});
