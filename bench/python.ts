import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { messageOf } from '#kernel';
import { projectRoot } from '#platform/config';

import { line } from './figures.js';

/** Python with packages from PyPI, in a folder of its own. */
export interface Python {
  readonly folder: string;
  /** What a script of this folder prints. Throws with the last line that it complains of. */
  run(script: string, ...args: readonly string[]): string;
}

/** Installs packages and works with them. Where there is no Python or no network, it prints that the tools were not measured. */
export function withPython(packages: readonly string[], work: (python: Python) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  try {
    execFileSync('python3', ['-m', 'venv', join(folder, 'venv')], { stdio: 'pipe' });
    const python = join(folder, 'venv', 'bin', 'python');
    execFileSync(python, ['-m', 'pip', 'install', '-q', ...packages], { stdio: 'pipe', timeout: 600_000 });
    work({
      folder,
      run(script, ...args) {
        const { status, stdout, stderr } = spawnSync(python, [join(projectRoot, 'bench', script), ...args], {
          encoding: 'utf8',
          maxBuffer: 1 << 26,
        });
        if (status !== 0) throw new Error(stderr.trim().split('\n').at(-1) ?? `${script} ended with ${status}`);
        return stdout;
      },
    });
  } catch (error) {
    line(packages.join(', '), 'not measured', messageOf(error).split('\n')[0]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
