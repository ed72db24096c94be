import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from '#platform/config';

import { line, ms, spread, timed } from './figures.js';
import { Product } from './product.js';

interface Jobs {
  readonly jobs: {
    readonly nodes: readonly { name: string; titleEn: string; startedAt: string; finishedAt: string }[];
  };
}

/** What each job of the demo's main job took, and what an unchanged source costs. */
export async function harvest(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  try {
    const product = await Product.start(projectRoot, join(folder, 'data'));
    const { jobs } = await product.ask<Jobs>('{ jobs(first: 200) { nodes { name titleEn startedAt finishedAt } } }');
    for (const { titleEn, startedAt, finishedAt } of [...jobs.nodes].reverse())
      line(titleEn, ms(Date.parse(finishedAt) - Date.parse(startedAt)));
    const { sources } = await product.ask<{ sources: { nodes: { id: string; name: string }[] } }>(
      '{ sources { nodes { id name } } }',
    );
    for (const { id, name } of sources.nodes) {
      const times = await timed(5, () => harvestAndWait(product, id));
      line(`again, nothing changed, seen from outside: ${name}`, spread(times));
    }
    await product.stop();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function harvestAndWait(product: Product, sourceId: string): Promise<void> {
  const { harvestSource } = await product.ask<{ harvestSource: { job: { id: string } } }>(
    'mutation ($id: ID!) { harvestSource(sourceId: $id) { job { id } } }',
    { id: sourceId },
  );
  for (;;) {
    const { job } = await product.ask<{ job: { finishedAt: string | null } }>(
      'query ($id: ID!) { job(id: $id) { finishedAt } }',
      {
        id: harvestSource.job.id,
      },
    );
    if (job.finishedAt !== null) return;
  }
}
