import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { jest } from '@jest/globals';
import { type Example, ruleKindOf, ruleKinds } from '#core/rule-engine';
import { messageOf, type Role } from '#kernel';
import { Command } from 'commander';
import { stringify } from 'yaml';

import { CommandFailed } from '../apps/cli/src/client/exit.js';
import { addRule } from '../apps/cli/src/commands/rule.js';
import { startApi, type TestApi } from './support/api.js';
import { cataloguedSource, type CataloguedSource } from './support/catalogued-source.js';

const TYPES: Readonly<Record<string, string>> = {
  ...{ text: 'text', integer: 'bigint', decimal: 'numeric', float: 'double precision', boolean: 'boolean' },
  ...{ date: 'date', time: 'time', timestamp: 'timestamp', timestamptz: 'timestamptz', json: 'jsonb', uuid: 'uuid' },
};
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const table = (name: string, { columns }: Pick<Example, 'columns'>) =>
  `CREATE TABLE ${quoted(name)} (${Object.entries(columns)
    .map(([column, family]) => `${quoted(column)} ${TYPES[family] ?? 'text'}`)
    .join(', ')});`;

/** A rule of every kind, as the kind's first example on one dataset of this source has it. */
const KINDS = ruleKinds().map(({ code }) => {
  const example = ruleKindOf(code).examples.find(({ rule }) => !JSON.stringify(rule).includes('"series"'))!;
  const { columns = [], params, ...rest } = example.rule;
  return {
    ...{ code, example, columns: [...columns] },
    entry: {
      ...{
        id: `每种-${code}`,
        source: '银行 "bank"',
        dataset: `public.t_${code}`,
        name: `规则 ${code} "引号" 😀`,
        kind: code,
      },
      ...(columns.length > 0 && { columns }),
      ...(params && { params }),
      ...rest,
      ...(example.other && { other: `public.o_${code}` }),
    },
  };
});

const DDL = `
  CREATE TABLE loan (id bigint PRIMARY KEY, amount numeric(18,2), "状态" text);
  INSERT INTO loan VALUES (1, 10, 'A'), (2, -1, 'B');
  CREATE TABLE client (id bigint PRIMARY KEY, name text);
  ${KINDS.map(({ code, example }) => table(`t_${code}`, example) + (example.other ? table(`o_${code}`, example.other) : '')).join('\n')}
`;

describe('rules as code', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'plumbline-code-')));
  let api: TestApi;
  let bank: CataloguedSource;
  let url: string;

  beforeAll(async () => {
    api = await startApi();
    await api.app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(api.app.getHttpServer().address() as { port: number }).port}`;
    bank = await cataloguedSource(api.app, '银行 "bank"', DDL);
  });
  afterAll(async () => {
    await bank.drop();
    await api.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (
    words: readonly string[],
    role: Role = 'steward',
  ): Promise<{ out: string; said: string; code: number }> => {
    let [out, said] = ['', ''];
    const hear = (take: (text: string) => void) => (text: string | Uint8Array) => {
      take(String(text));
      return true;
    };
    const spies = [
      jest.spyOn(process.stdout, 'write').mockImplementation(hear((text) => (out += text))),
      jest.spyOn(process.stderr, 'write').mockImplementation(hear((text) => (said += text))),
    ];
    const before = process.exitCode;
    process.exitCode = 0;
    try {
      const program = new Command().exitOverride();
      addRule(program);
      await program.parseAsync(['rule', ...words, '--url', url, '--token', api.as[role].token], { from: 'user' });
      return { out, said, code: Number(process.exitCode) };
    } catch (error) {
      if (!(error instanceof CommandFailed)) throw error;
      return { out, said: said + messageOf(error), code: error.exitCode };
    } finally {
      process.exitCode = before;
      for (const spy of spies) spy.mockRestore();
    }
  };
  const file = (name: string, content: object | string): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : stringify(content));
    return path;
  };
  const rulesNow = async (origin: string) =>
    (
      await api.as.viewer.get<{
        rules: { nodes: { id: string; nameEn: string; version: number; codeOrigin: { key: string } }[] };
      }>(
        `query ($origin: String) { rules(origin: $origin, first: 200) { nodes { id nameEn version codeOrigin { key } } } }`,
        { origin },
      )
    ).rules.nodes;

  it.each(['every kind', 'once more'])('%s of rule is applied, exported, and then there is nothing to do', async () => {
    const code = file('kinds.yml', { origin: 'kinds', rules: KINDS.map(({ entry }) => entry) });
    const applied = await run(['apply', code]);
    expect(applied).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^(Applied|Nothing had to be changed)\.\n$/),
    });
    expect(await rulesNow('kinds')).toHaveLength(KINDS.length);
    const out = join(folder, 'exported.yml');
    expect(await run(['export', '--origin', 'kinds', '--out', out])).toMatchObject({ code: 0 });
    const plan = await run(['plan', out]);
    expect(plan.out).toBe(`Nothing to do. kinds: 0 to create, 0 to change, 0 to retire, ${KINDS.length} unchanged.\n`);
    expect(plan.code).toBe(0);
    // What was exported says the same as what was applied, for the files' own reader as well.
    expect(readFileSync(out, 'utf8')).toContain('origin: kinds');
  });

  it('rules made by hand are exported, and taken over only when they are applied', async () => {
    const added = await api.as.steward.get<{ addRule: { rule: { id: string } } }>(
      `mutation ($input: AddRuleInput!) { addRule(input: $input) { rule { id } } }`,
      {
        input: {
          ...{ kind: 'expression', nameZh: '手工 "by hand"', datasetId: await idOf('public.loan'), severity: 'S1' },
          params: { passWhen: { op: 'gt', left: { column: 'amount' }, right: { literal: 0 } } },
          where: { op: 'eq', left: { column: '状态' }, right: { literal: "A'B" } },
        },
      },
    );
    const out = join(folder, 'by-hand.yml');
    await run(['export', '--out', out]);
    expect(readFileSync(out, 'utf8')).toMatch(/passWhen: amount > 0[^]*where: "?\\?"?状态/);
    expect(await run(['plan', out])).toMatchObject({ code: 0, out: expect.stringContaining('made by hand until now') });
    expect((await rulesNow('catalog')).length).toBe(0);
    expect(await run(['apply', out])).toMatchObject({ code: 0 });
    expect((await rulesNow('catalog')).map(({ id, version }) => [id, version])).toEqual([[added.addRule.rule.id, 1]]);
    // Now that it belongs to files, other files cannot have it.
    const other = await run(['plan', out, '--origin', 'others']);
    expect(other.code).toBe(2);
  });

  it('creates, changes, renames, keeps, retires, and says what would happen first', async () => {
    const amount = { id: 'amount', dataset: 'public.loan', kind: 'between', columns: ['amount'], params: { min: 0 } };
    const first = file('risk.yml', {
      ...{ origin: 'risk', source: '银行 "bank"', owner: '张三' },
      rules: [{ ...amount, nameEn: 'Amount' }, 'unique id id=loan-key dataset=public.client name=key'],
      ruleSets: [
        {
          id: 'nightly',
          name: '每晚 nightly',
          rules: ['amount'],
          schedule: { cron: '0 2 * * *', timeZone: 'Asia/Shanghai' },
        },
      ],
    });
    const planned = await run(['plan', first]);
    expect(planned).toMatchObject({ code: 3, said: '' });
    expect(planned.out).toMatch(/^\+ rule amount {2}create: Amount, on 银行 "bank" \/ .*public\.loan$/m);
    expect(planned.out).toContain('risk: 3 to create, 0 to change, 0 to retire, 0 unchanged.');
    expect(await rulesNow('risk')).toEqual([]);
    expect(await run(['apply', first])).toMatchObject({ code: 0 });
    const [before] = (await rulesNow('risk')).filter(({ codeOrigin }) => codeOrigin.key === 'amount');

    const second = file('risk.yml', {
      ...{ origin: 'risk', source: '银行 "bank"', owner: '张三' },
      rules: [{ ...amount, nameEn: 'Amount is not negative', params: { min: 0, max: '100.00' }, severity: 'S1' }],
      ruleSets: [{ id: 'nightly', name: '每晚 nightly', rules: ['amount'] }],
    });
    const change = await run(['plan', second, '--json']);
    const { changes, counts } = JSON.parse(change.out) as {
      changes: { key: string; what: string; differences: unknown[] }[];
      counts: { what: string; count: number }[];
    };
    expect(changes).toMatchObject([
      {
        ...{ key: 'amount', what: 'CHANGE' },
        differences: [
          { path: 'params.max', before: null, after: '100.00' },
          { path: 'nameEn', before: 'Amount', after: 'Amount is not negative' },
          { path: 'severity', before: 'S3', after: 'S1' },
        ],
      },
      { key: 'loan-key', what: 'KEPT' },
      {
        ...{ key: 'nightly', what: 'CHANGE' },
        differences: [
          { path: 'schedule', before: { cron: '0 2 * * *', timeZone: 'Asia/Shanghai', enabled: true }, after: null },
        ],
      },
    ]);
    expect(counts).toContainEqual({ what: 'KEPT', count: 1 });
    expect(await run(['apply', second, '--prune', '--revision', 'abc123'])).toMatchObject({ code: 0 });
    expect(await rulesNow('risk')).toEqual([
      { ...before, nameEn: 'Amount is not negative', version: 2, codeOrigin: { key: 'amount' } },
    ]);
    const { auditEntries } = await api.as.compliance.get<{
      auditEntries: { nodes: { action: string; details: object }[] };
    }>(`{ auditEntries(first: 5) { nodes { action details } } }`);
    expect(auditEntries.nodes[0]).toMatchObject({
      action: 'rules.applied',
      details: { revision: 'abc123', counts: { change: 2, retire: 1, create: 0 } },
    });
    expect(await run(['plan', second, '--prune'])).toMatchObject({ code: 0 });
  });

  it('what was changed by hand since is shown, and undone only by force', async () => {
    const entry = { id: 'drifting', dataset: 'public.client', kind: 'not_null', columns: ['name'], name: 'n' };
    const code = file('drift.yml', { origin: 'drift', source: '银行 "bank"', rules: [entry] });
    await run(['apply', code]);
    const [rule] = await rulesNow('drift');
    await api.as.engineer.get(
      `mutation ($id: ID!, $input: ChangeRuleInput!) { changeRule(id: $id, input: $input) { rule { id } userErrors { message } } }`,
      { id: rule!.id, input: { kind: 'not_null', fieldIds: [fieldOf('public.client', 'name')], nameEn: 'by hand' } },
    );
    const plan = await run(['plan', code]);
    expect(plan.code).toBe(3);
    expect(plan.out).toMatch(/~ rule drifting .*\n {4}changed by hand: engineer, .*\n {4}nameEn: "by hand" → "n"\n/);
    expect(await run(['apply', code])).toMatchObject({ code: 2, said: expect.stringContaining('changed by hand') });
    expect((await rulesNow('drift'))[0]).toMatchObject({ nameEn: 'by hand', version: 2 });
    expect(await run(['apply', code, '--force'])).toMatchObject({ code: 0 });
    expect((await rulesNow('drift'))[0]).toMatchObject({ nameEn: 'n', version: 3 });
    await api.as.steward.get(`mutation ($id: ID!) { retireRule(id: $id) { rule { id } } }`, { id: rule!.id });
    expect(await run(['plan', code])).toMatchObject({ code: 3, out: expect.stringContaining('retired by hand') });
    expect(await run(['apply', code])).toMatchObject({ code: 2 });
  });

  it('a plan that was looked at is refused when the catalog has moved', async () => {
    const entry = { id: 'x', dataset: 'public.client', kind: 'not_null', columns: ['name'], name: 'n' };
    const code = file('moved.yml', { origin: 'moved', source: '银行 "bank"', rules: [entry] });
    const { digest } = JSON.parse((await run(['plan', code, '--json'])).out) as { digest: string };
    await run(['apply', code]);
    const late = await run(['apply', code, '--digest', digest]);
    expect(late).toMatchObject({ code: 2, said: expect.stringContaining('have changed since this plan was made') });
  });

  it('tells every fault by file, line and column, and changes nothing', async () => {
    mkdirSync(join(folder, 'faulty', 'deep'), { recursive: true });
    const text = `origin: faulty
source: 银行 "bank"
rules:
  - id: a
    dataset: public.loan
    kind: between
    columns: [amount]
    params:
      min: abc
  - id: b
    dataset: public.loan
    kind: not_null
    columns: [nope]
  - { id: c, dataset: public.nowhere, kind: not_null, columns: [x] }
  - { id: a, dataset: public.loan, kind: not_null, columns: [nope] }
`;
    writeFileSync(join(folder, 'faulty', 'deep', 'a.yml'), text);
    const { said, code } = await run(['plan', join(folder, 'faulty')]);
    expect(code).toBe(2);
    const file_ = join(folder, 'faulty', 'deep', 'a.yml');
    expect(said.split('\n')).toEqual([
      expect.stringMatching(/a.yml:9:7 {2}a: "abc" cannot be compared with "amount"/),
      expect.stringMatching(/a.yml:13:15 {2}b: .*public.loan has no column "nope"; it has id, amount, 状态$/),
      `${file_}:14:14  c: the source "银行 \\"bank\\"" has no dataset "public.nowhere"`,
      `${file_}:15:7  a: the id "a" is there twice`,
      '4 faults in the files; nothing was changed.',
    ]);
    expect(await rulesNow('faulty')).toEqual([]);
  });

  it.each([
    ['no id', '- { kind: not_null, columns: [a], dataset: t, source: s }', ':1:3  not_null: it has no id'],
    [
      'no source',
      'origin: o\nrules:\n  - not_null a id=x dataset=t',
      ':3:5  not_null a id=x dataset=t: it has no source',
    ],
    [
      'what a rule cannot have',
      'origin: o\nrules:\n  - kind: not_null\n    colums: [a]',
      ':4:5  not_null: "colums" is not a known',
    ],
    ['no YAML', 'origin: [', ':1  The text cannot be read'],
    ['nothing of rules', 'a: 1', '  This is no file of rules'],
    [
      'a rule set without rules of its own',
      'origin: o\nrules: []\nruleSets:\n  - { id: s, name: n, rules: [x] }',
      ':4:31  s: the files have no rule with the id "x"',
    ],
    [
      'a schedule nobody understands',
      'origin: o\nruleSets:\n  - id: s\n    name: n\n    schedule: { cron: "61 * * * *", timeZone: UTC }',
      ':5:5  s: The schedule "61 * * * *"',
    ],
    ['two origins', 'origin: p\nrules: []', ':1:1  it belongs to "p", other files to "o"'],
  ])('refuses %s', async (_, text, told) => {
    const { said, code } = await run(['plan', file('wrong.yml', text), '--origin', 'o']);
    expect(said).toContain(told);
    expect(code).toBe(2);
  });

  it('rules run in CI: JUnit XML in a file, the exit code, and the same results once more', async () => {
    await api.work();
    const entries = [
      { id: 'ci-pass', dataset: 'public.loan', kind: 'not_null', columns: ['amount'], name: 'amount <&> 😀' },
      {
        id: 'ci-fail',
        dataset: 'public.loan',
        kind: 'between',
        columns: ['amount'],
        params: { min: 0 },
        name: 'positive',
      },
    ];
    const ruleSets = [{ id: 'ci', name: 'CI', rules: ['ci-pass', 'ci-fail'] }];
    await run(['apply', file('ci.yml', { origin: 'ci', source: '银行 "bank"', rules: entries, ruleSets })]);
    const out = join(folder, 'junit.xml');
    const done = await run(['run', '--set', 'CI', '--wait', '--format', 'junit', '--out', out, '--language', 'en']);
    expect(done).toMatchObject({ code: 3, out: '', said: '2 rules ran, 1 failed or could not be run.\n' });
    const xml = readFileSync(out, 'utf8');
    expect(xml).toContain('<testsuites name="CI" tests="2" failures="1" errors="0" skipped="0"');
    expect(xml).toContain('<testcase name="amount &lt;&amp;&gt; 😀"');
    expect(xml).toMatch(/<failure message="[^"]*1 of 2 rows checked break this[^"]*" type="between">S3 between/);
    const { id, results } = JSON.parse((await run(['run', '--set', 'CI', '--json'])).out) as {
      id: string;
      results: { key: string; status: string; violations: string }[];
    };
    expect(new Map(results.map(({ key, status }) => [key, status]))).toEqual(
      new Map([
        ['ci-pass', 'pass'],
        ['ci-fail', 'fail'],
      ]),
    );
    const csv = await run(['results', '--run', id, '--format', 'csv']);
    expect(csv).toMatchObject({ code: 3, out: expect.stringContaining(',ci-fail,positive,between,') });
    expect(await run(['results', '--run', id, '--format', 'xml'])).toMatchObject({ code: 2 });
  });

  it('is for stewards and engineers', async () => {
    const code = file('small.yml', 'origin: small\nrules: []');
    expect(await run(['plan', code], 'viewer')).toMatchObject({ code: 2 });
    expect(await run(['plan', code], 'engineer')).toMatchObject({ code: 0 });
  });

  const idOf = async (name: string) =>
    (
      await api.as.viewer.get<{ datasets: { nodes: { id: string; qualifiedName: string }[] } }>(
        `{ datasets(first: 300) { nodes { id qualifiedName } } }`,
      )
    ).datasets.nodes.find(({ qualifiedName }) => qualifiedName.endsWith(name))!.id;
  const fieldOf = (dataset: string, name: string) =>
    Buffer.from(`Field:${bank.field(dataset, name)}`).toString('base64url');
});
