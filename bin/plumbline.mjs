#!/usr/bin/env node
/** `plumbline`: runs the built command on the pinned Node. In a checkout: `npx plumbline`; elsewhere after `npm link`. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { node, root } from '../scripts/lib/prepare.mjs';

const main = join(root, 'dist', 'apps', 'cli', 'src', 'main.js');
if (!existsSync(main)) {
  process.stderr.write('Plumbline is not built yet. Run "npm run build" in its folder first.\n');
  process.exit(1);
}
const child = spawn(node(), [main, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => process.exit(code ?? 1));
