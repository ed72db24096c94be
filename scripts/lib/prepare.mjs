/**
 * What stands before every command: the packages of the lock file, the pinned Node, and a build that is not stale.
 * This file runs on the system's Node (20.19 or newer) and uses nothing but Node itself.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

const say = (sentence) => process.stderr.write(`${sentence}\n`);

/** Runs a program to its end; its exit code, or 1 when a signal ended it. */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

const newEnough = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 9);
};

/** The Node that everything runs on: the system's when it is 24.9 or newer, else the one of the lock file. */
export function node() {
  if (newEnough()) return process.execPath;
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  throw new Error(
    `Plumbline needs Node 24.9 or newer. This is Node ${process.versions.node}, and the pinned Node for ` +
      `${process.platform}-${process.arch} is not installed. Install Node 24, or run "npm ci" without --omit=optional.`,
  );
}

/** Installs the packages when those of the lock file are not there yet. */
export async function ensureInstalled() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, 'node_modules', '.plumbline-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  // Whose packages these are knows better; npm ci would empty them for everybody who links to them.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    throw new Error('node_modules is a link to packages of another lock file. Install there, or remove the link.');
  say('Installing packages (npm ci) …');
  // npm's own program, found beside the one that called us, so that "npm" need not be on the PATH.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = npm ? await run(process.execPath, [npm, ...args]) : await run('npm', args);
  if (code !== 0) throw new Error('The packages could not be installed; npm says why above.');
  writeFileSync(stamp, lock);
}

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** A hash of the names and contents of sources, and one of the names alone. */
function fingerprint(places, wanted) {
  const content = createHash('sha256');
  const names = createHash('sha256');
  for (const place of places) {
    const path = join(root, place);
    if (!existsSync(path)) continue;
    const files = place.includes('.') ? [path] : [...filesBelow(path)];
    for (const file of files.filter(wanted)) {
      names.update(relative(root, file) + '\n');
      content.update(relative(root, file) + '\n').update(readFileSync(file));
    }
  }
  return { content: content.digest('hex'), names: names.digest('hex') };
}

const readStamp = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
};

async function buildWhenStale(what, places, wanted, build, clear) {
  const stampFile = join(root, 'dist', `.built-${what}.json`);
  const now = fingerprint(places, wanted);
  const then = readStamp(stampFile);
  if (then.content === now.content) return;
  say(`Building ${what} …`);
  // A file that is gone from the sources must not stay in dist.
  if (then.names !== now.names) clear();
  mkdirSync(join(root, 'dist'), { recursive: true });
  rmSync(stampFile, { force: true });
  if ((await build()) !== 0) throw new Error(`The ${what} could not be built; the compiler says why above.`);
  writeFileSync(stampFile, JSON.stringify(now));
}

/** Compiles what changed since the last build: server, the fallback parser's bundle, then web UI. */
export async function ensureBuilt({ web = true } = {}) {
  const modules = join(root, 'node_modules');
  await buildWhenStale(
    'server',
    [
      'apps/api',
      'apps/worker',
      'apps/cli',
      'libs',
      'migrations',
      'bench',
      'conformance',
      'tsconfig.json',
      'tsconfig.build.json',
      'package-lock.json',
    ],
    (file) => /\.(ts|json)$/.test(file) && !file.endsWith('.spec.ts'),
    () => run(node(), [join(modules, 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json']),
    () => {
      for (const folder of ['apps', 'libs', 'migrations', 'bench', 'conformance', '.tsbuildinfo'])
        rmSync(join(root, 'dist', folder), { recursive: true, force: true });
    },
  );
  await buildWhenStale(
    'fallback parser',
    ['scripts/lib/bundle-fallback.mjs', 'package-lock.json'],
    () => true,
    () => run(node(), [join(import.meta.dirname, 'bundle-fallback.mjs')]),
    () => rmSync(join(root, 'dist', 'vendor'), { recursive: true, force: true }),
  );
  if (!web || !existsSync(join(root, 'apps', 'web', 'index.html'))) return;
  await buildWhenStale(
    'web UI',
    ['apps/web', 'schema.graphql', 'package-lock.json'],
    () => true,
    () => run(node(), [join(modules, 'vite', 'bin', 'vite.js'), 'build', 'apps/web', '--logLevel', 'warn']),
    () => rmSync(join(root, 'dist', 'web'), { recursive: true, force: true }),
  );
}
