import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { projectRoot } from '#platform/config';

import { line } from './figures.js';
import { Product } from './product.js';

/** `npm start` in a clean clone of what is committed, with npm's cache warm; the second start; idle memory. */
export async function startUp(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  const checkout = join(folder, 'clone');
  const data = join(folder, 'data');
  const s = (seconds: number) => `${seconds.toFixed(1)} s`;
  try {
    execFileSync('git', ['clone', '-q', projectRoot, checkout]);
    const first = await Product.start(checkout, data);
    line('clean clone: install, build, start, demo, main job', s(first.seconds));
    await first.stop();
    const second = await Product.start(checkout, data);
    line('second start', s(second.seconds), 'target: ≤ 5 s');
    await sleep(10_000);
    line('idle memory after 10 s: API', `${second.memory('api').toFixed(0)} MB`, 'floor: Node alone, about 45 MB');
    line('idle memory after 10 s: worker', `${second.memory('worker').toFixed(0)} MB`);
    line('idle memory after 10 s: starter', `${second.memory('cli').toFixed(0)} MB`);
    line('Ctrl-C until everything has ended', s(await second.stop()));
    const other = join(folder, 'other');
    const bare = await Product.start(checkout, other, '--no-demo');
    line('built checkout, new data folder, no demo', s(bare.seconds));
    await bare.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
