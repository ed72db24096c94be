import { setTimeout as sleep } from 'node:timers/promises';

import progress from 'cli-progress';

import { type Client } from './client.js';
import { CommandFailed, EXIT } from './exit.js';

export interface Job {
  readonly id: string;
  readonly name: string;
  readonly titleEn: string;
  readonly state: 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'PARTIAL' | 'FAILED' | 'CANCELLED';
  readonly progress: number;
  readonly message: string | null;
  readonly result: Record<string, unknown> | null;
  readonly errorMessage: string | null;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly finishedAt: string | null;
}

export const JOB_FIELDS =
  'id name titleEn state progress message result errorMessage requestedBy requestedAt finishedAt';

/**
 * Waits for a job, with a bar on a terminal, and gives it when it has ended well or partially.
 * @throws {CommandFailed} when it failed or was cancelled.
 */
export async function watchJob(client: Client, id: string, { quiet = false } = {}): Promise<Job> {
  const bar =
    !quiet && process.stderr.isTTY
      ? new progress.SingleBar({
          format: '{title} [{bar}] {percentage}% {message}',
          stream: process.stderr,
          hideCursor: true,
          clearOnComplete: true,
        })
      : undefined;
  try {
    for (let pause = 100; ; pause = Math.min(pause * 1.3, 1_000)) {
      const { job } = await client.ask<{ job: Job }>(`query ($id: ID!) { job(id: $id) { ${JOB_FIELDS} } }`, { id });
      const shown = { title: job.titleEn, message: job.message ?? '' };
      if (bar && !bar.isActive) bar.start(100, 0, shown);
      bar?.update(Math.round(job.progress * 100), shown);
      if (job.finishedAt !== null) return ended(job);
      await sleep(pause);
    }
  } finally {
    bar?.stop();
  }
}

function ended(job: Job): Job {
  if (job.state === 'FAILED')
    throw new CommandFailed(`${job.titleEn} failed: ${job.errorMessage ?? 'no reason was given.'}`);
  if (job.state === 'CANCELLED') throw new CommandFailed(`${job.titleEn} was cancelled.`, EXIT.bad);
  return job;
}
