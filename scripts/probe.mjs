/**
 * Starts the product as a user would (`npm start`), asks it what a user would ask first, stops it with Ctrl-C,
 * starts it a second time, kills it and starts it a third time. Prints "N passed, N failed" last.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'plumbline-probe-'));
const data = join(folder, 'data');
let passed = 0;
let failed = 0;

async function probe(what, look) {
  try {
    await look();
    passed += 1;
    console.log(`  ✓ ${what}`);
  } catch (error) {
    failed += 1;
    console.log(`  ✗ ${what}: ${error.message}`);
  }
}

const expect = (condition, sentence) => {
  if (!condition) throw new Error(sentence);
};

/** Starts it and waits until it says that it is ready. */
async function start(...flags) {
  const began = Date.now();
  const child = spawn('npm', ['start', '--silent', '--', '--data', data, '--port', '0', ...flags], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  let over = false;
  void exited.then(() => (over = true));
  while (!/ready: (http:\S+)/.test(output)) {
    if (over || Date.now() - began > 420_000) throw new Error(`It did not get ready. It said:\n${output}`);
    await sleep(100);
  }
  const url = /ready: (http:\S+)/.exec(output)[1];
  return { child, url, output: () => output, exited, seconds: (Date.now() - began) / 1000 };
}

/** What Ctrl-C does: a signal to the whole group in the foreground. */
const interrupt = ({ child }) => process.kill(-child.pid, 'SIGINT');

/** npm ends by the signal itself; the product takes its mark away when everything has ended. */
async function endedCleanly(product) {
  const how = await product.exited;
  expect(how === 0 || how === 'SIGINT', `it ended with ${how}`);
  for (let waits = 0; existsSync(join(data, 'plumbline.pid')); waits++) {
    expect(waits < 200, 'it is still running');
    await sleep(100);
  }
  expect(!existsSync(join(data, 'postgres', 'postmaster.pid')), 'PostgreSQL is still running');
}

async function ask(url, query) {
  const token = readFileSync(join(data, 'cli-token'), 'utf8').trim();
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  const { data: found, errors } = await answer.json();
  if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
  return found;
}

let running;
await probe('npm start makes the demo and gets ready', async () => {
  running = await start();
  console.log(running.output().replace(/password \S+/g, 'password …'));
});
if (running) {
  await probe('it is healthy and ready', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      const { status } = await fetch(running.url + path);
      expect(status === 200, `${path} answered ${status}`);
    }
  });
  await probe('the browser gets the UI', async () => {
    const page = await fetch(`${running.url}/jobs`, { headers: { accept: 'text/html' } });
    expect((await page.text()).includes('<script'), 'no page came');
  });
  await probe('the demo is there, and every job of it ended well', async () => {
    const { sources, jobs } = await ask(
      running.url,
      '{ sources { totalCount } jobs(first: 200) { nodes { name state errorMessage } } }',
    );
    expect(sources.totalCount === 3, `there are ${sources.totalCount} sources`);
    const bad = jobs.nodes.filter(({ state }) => state !== 'SUCCEEDED');
    expect(bad.length === 0, JSON.stringify(bad));
  });
  await probe('Ctrl-C stops it cleanly', async () => {
    interrupt(running);
    await endedCleanly(running);
  });
  await probe('a second start takes seconds and keeps everything', async () => {
    running = await start();
    const { sources } = await ask(running.url, '{ sources { totalCount } }');
    expect(sources.totalCount === 3, `there are ${sources.totalCount} sources`);
    console.log(`    ready after ${running.seconds.toFixed(1)} s`);
  });
  await probe('killed without warning, it leaves nothing running and starts again', async () => {
    process.kill(-running.child.pid, 'SIGKILL');
    await running.exited;
    await sleep(4_000);
    running = await start();
    const { sources } = await ask(running.url, '{ sources { totalCount } }');
    expect(sources.totalCount === 3, `there are ${sources.totalCount} sources`);
    interrupt(running);
    await endedCleanly(running);
  });
}
rmSync(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
