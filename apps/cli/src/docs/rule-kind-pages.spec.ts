import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '#platform/config';

import { ruleKindPages } from './rule-kind-pages.js';

const folder = join(projectRoot, 'docs', 'rule-kinds');

describe('docs/rule-kinds', () => {
  const pages = ruleKindPages();

  it('has a page for each kind, and no other', () => {
    expect(readdirSync(folder).sort()).toEqual([...pages.keys()].sort());
  });

  it('says what the kinds say (else: node dist/apps/cli/src/docs/print-rule-kinds.js)', () => {
    const stale = [...pages]
      .filter(([name, text]) => readFileSync(join(folder, name), 'utf8') !== text)
      .map(([name]) => name);
    expect(stale).toEqual([]);
  });

  it('has examples, SQL and both languages on each page', () => {
    for (const [name, text] of pages)
      if (name !== 'README.md')
        expect([
          name,
          /## Examples/.test(text),
          /Verdict: \*\*/.test(text),
          /\p{Script=Han}/u.test(text),
          /PostgreSQL/.test(text),
        ]).toEqual([name, true, true, true, true]);
  });
});
