import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '#platform/config';

import { ruleKindPages } from './rule-kind-pages.js';

// Writes docs/rule-kinds anew, and takes away pages of kinds that are gone.
const folder = join(projectRoot, 'docs', 'rule-kinds');
const pages = ruleKindPages();
mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name));
for (const [name, text] of pages) writeFileSync(join(folder, name), text);
process.stdout.write(`${pages.size} pages in docs/rule-kinds.\n`);
