/** The npm scripts: `node scripts/run.mjs COMMAND [ARG …]`. Each prepares what it needs and runs on the pinned Node. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { check } from './lib/check.mjs';
import { makeGraphqlTypes } from './lib/graphql-types.mjs';
import { ensureBuilt, ensureInstalled, node, root, run } from './lib/prepare.mjs';
import { runTests } from './lib/tests.mjs';

const [command, ...args] = process.argv.slice(2);

/** Hands the terminal over: signals reach the child by itself (Ctrl-C) or through us, and its end is ours. */
function become(program, programArgs) {
  return new Promise((resolve) => {
    const child = spawn(program, programArgs, {
      cwd: process.env.INIT_CWD ?? process.cwd(),
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    process.on('SIGINT', () => undefined);
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    child.once('error', (error) => {
      process.stderr.write(`${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const commands = {
  async start() {
    await ensureInstalled();
    await ensureBuilt();
    return become(node(), [join(root, 'dist', 'apps', 'cli', 'src', 'main.js'), 'start', ...args]);
  },
  async build() {
    await ensureInstalled();
    await ensureBuilt();
    return 0;
  },
  async check() {
    await ensureInstalled();
    await ensureBuilt({ web: false });
    return check(args);
  },
  async schema() {
    await ensureInstalled();
    await ensureBuilt({ web: false });
    const code = await run(node(), [join(root, 'dist', 'apps', 'api', 'src', 'print-schema.js'), ...args]);
    return code === 0 ? makeGraphqlTypes() : code;
  },
  async test() {
    await ensureInstalled();
    await ensureBuilt();
    return runTests('all', args);
  },
  async 'test:redis'() {
    await ensureInstalled();
    await ensureBuilt({ web: false });
    return runTests('redis', args);
  },
  async 'test:mariadb'() {
    await ensureInstalled();
    await ensureBuilt({ web: false });
    return runTests('mariadb', args);
  },
  async 'test:browser'() {
    await ensureInstalled();
    await ensureBuilt();
    return runTests('browser', args);
  },
  async bench() {
    await ensureInstalled();
    await ensureBuilt();
    return run(node(), [join(root, 'dist', 'bench', 'main.js'), ...args]);
  },
  async 'conformance:connectors'() {
    await ensureInstalled();
    await ensureBuilt({ web: false });
    return become(node(), [join(root, 'dist', 'conformance', 'connectors', 'main.js'), ...args]);
  },
  async 'conformance:quality'() {
    await ensureInstalled();
    await ensureBuilt({ web: false });
    return become(node(), [join(root, 'dist', 'conformance', 'quality', 'main.js'), ...args]);
  },
  async 'conformance:openlineage'() {
    await ensureInstalled();
    await ensureBuilt({ web: false });
    return become(node(), [join(root, 'dist', 'conformance', 'openlineage', 'main.js'), ...args]);
  },
  async 'conformance:hostile'() {
    await ensureInstalled();
    await ensureBuilt({ web: false });
    return become(node(), [join(root, 'dist', 'conformance', 'hostile', 'main.js'), ...args]);
  },
  async 'conformance:pipelines'() {
    await ensureInstalled();
    await ensureBuilt({ web: false });
    return become(node(), [join(root, 'dist', 'conformance', 'pipelines', 'main.js'), ...args]);
  },
  async 'pack:lineage'() {
    await ensureInstalled();
    await ensureBuilt({ web: false });
    return run(node(), [join(root, 'scripts', 'pack-lineage.mjs'), ...args]);
  },
  async tool() {
    await ensureInstalled();
    const [name = '', ...rest] = args;
    return run(node(), [join(root, 'node_modules', '.bin', name), ...rest]);
  },
};

const wanted = commands[command];
if (!wanted) {
  process.stderr.write(`There is no command "${command ?? ''}". There are: ${Object.keys(commands).join(', ')}.\n`);
  process.exit(2);
}
try {
  process.exitCode = await wanted();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
