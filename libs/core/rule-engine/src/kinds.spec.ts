import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ruleKinds } from '#core/rule-engine';

import { ruleKindsSuite, run } from '../../../../test/suites/rule-kinds.suite.js';
import { fileSamples, postgresSamples } from '../../../../test/support/sample-tables.js';

it('lists every kind that has a file', () => {
  const files = readdirSync(join(import.meta.dirname, 'kinds')).filter((name) => name !== 'index.ts');
  const listed = ruleKinds().map(({ code }) => `${code.replaceAll('_', '-')}.ts`);
  expect([...listed].sort()).toEqual(files.sort());
});

describe.each(ruleKinds().map((kind) => [kind.code, kind] as const))('%s', (_, kind) => {
  it('speaks both languages, in its form as well', () => {
    for (const words of [kind.title, kind.description]) {
      expect(words.en).not.toBe('');
      expect(words.zh).toMatch(/\p{Script=Han}/u);
    }
    for (const schema of Object.values(kind.params.properties)) {
      expect(schema).toMatchObject({
        title: expect.any(String),
        'x-title-zh': expect.stringMatching(/\p{Script=Han}/u),
      });
    }
  });

  it('has an example that passes and one that fails', () => {
    const statuses = kind.examples.map(({ expect: { status } }) => status);
    expect(statuses).toEqual(expect.arrayContaining(['fail', 'pass']));
  });
});

describe.each([
  ['postgres', postgresSamples],
  ['duckdb', fileSamples],
])('on %s', (_, open) => ruleKindsSuite(open));

it('compares the rows of two sources', async () => {
  const here = await postgresSamples();
  const there = await fileSamples();
  try {
    const target = await here.add([{ name: 'x', typeFamily: 'integer' }], [[1], [2]]);
    const second = await there.add([{ name: 'x', typeFamily: 'integer' }], [[1], [2], [3]]);
    const rule = {
      kind: 'row_count_compare',
      params: { otherWhere: { op: 'lt', left: { column: 'x' }, right: { literal: 3 } } },
    };
    const { verdict } = await run(rule, here, target, there, second);
    expect(verdict).toMatchObject({ status: 'pass', metrics: { otherRows: '2', difference: '0' } });
  } finally {
    await Promise.all([here.close(), there.close()]);
  }
});
