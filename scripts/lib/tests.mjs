import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { node, root, run } from './prepare.mjs';

const found = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();

/** What each suite is, and the system package it needs. */
const suites = {
  all: { config: 'jest.config.mjs' },
  redis: {
    config: 'test/redis/jest.config.mjs',
    env: () => ({ REDIS_SERVER: process.env.REDIS_SERVER ?? found('redis-server') }),
    missing: ({ REDIS_SERVER }) =>
      !REDIS_SERVER &&
      'The tests of the Redis queue need redis-server. Debian: apt-get install redis-server. Or name it in REDIS_SERVER.',
  },
  mariadb: {
    config: 'test/mariadb/jest.config.mjs',
    env: () => ({
      MARIADBD: process.env.MARIADBD ?? (found('mariadbd') || found('/usr/sbin/mariadbd')),
      MARIADB_INSTALL_DB: process.env.MARIADB_INSTALL_DB ?? found('mariadb-install-db'),
    }),
    missing: ({ MARIADBD, MARIADB_INSTALL_DB }) =>
      (!MARIADBD || !MARIADB_INSTALL_DB) &&
      'The tests of MariaDB need mariadbd and mariadb-install-db. Debian: apt-get install mariadb-server. Or name them in ' +
        'MARIADBD and MARIADB_INSTALL_DB.',
  },
  browser: {
    config: 'test/browser/jest.config.mjs',
    env: () => ({
      CHROMIUM: process.env.CHROMIUM ?? (found('chromium') || found('chromium-browser') || found('google-chrome')),
    }),
    missing: ({ CHROMIUM }) =>
      !CHROMIUM &&
      'The tests in the browser need Chromium. Debian: apt-get install chromium fonts-noto-cjk. Or name it in CHROMIUM.',
  },
};

/** Runs a suite; the last line printed is "N passed, N failed". */
export async function runTests(name, args) {
  const suite = suites[name];
  const env = suite.env?.() ?? {};
  const missing = suite.missing?.(env);
  if (missing) {
    process.stderr.write(`${missing}\n`);
    process.stdout.write('0 passed, 1 failed\n');
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-tests-'));
  const report = join(folder, 'report.json');
  const code = await run(
    node(),
    [
      ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      ...[join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--config', suite.config],
      ...['--json', '--outputFile', report, ...args],
    ],
    // --json prints the whole report on stdout as well; people read stderr.
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } },
  );
  const { passed, failed } = countOf(report);
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`${passed} passed, ${failed + (code !== 0 && failed === 0 ? 1 : 0)} failed\n`);
  return code;
}

function countOf(report) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}
