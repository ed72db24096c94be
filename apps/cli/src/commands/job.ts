import { type Command } from 'commander';

import { EXIT } from '../client/exit.js';
import { asking, several, wholeNumber } from '../client/command.js';
import { moment, writeFacts, writeRows } from '../client/output.js';
import { type Job, JOB_FIELDS, watchJob } from '../client/watch-job.js';

/** `plumbline job`: what was asked for and how it stands. */
export function addJob(program: Command): void {
  const job = program.command('job').description('jobs: what was asked for and how it stands');

  asking(
    job
      .command('list')
      .description('newest first')
      .option('--state <state>', 'queued, running, succeeded, partial, failed or cancelled; may be repeated', several)
      .option('--limit <n>', 'how many', wholeNumber, 30),
    async ({ client, json }, { state, limit }: { state?: string[]; limit: number }) => {
      const { jobs } = await client.ask<{ jobs: { nodes: Job[] } }>(
        `query ($states: [JobState!], $first: Int) { jobs(states: $states, first: $first) { nodes { ${JOB_FIELDS} } } }`,
        { states: state?.map((one) => one.toUpperCase()), first: limit },
      );
      writeRows({ json }, jobs.nodes, {
        ID: ({ id }) => id,
        Job: ({ titleEn }) => titleEn,
        State: ({ state: now }) => now.toLowerCase(),
        Done: ({ progress }) => `${Math.round(progress * 100)} %`,
        'Asked for': ({ requestedAt }) => moment(requestedAt),
        By: ({ requestedBy }) => requestedBy,
        Error: ({ errorMessage }) => errorMessage,
      });
    },
  );

  asking(job.command('show <id>').description('one job'), async ({ client, json }, id: string) => {
    const { job: found } = await client.ask<{ job: Job }>(`query ($id: ID!) { job(id: $id) { ${JOB_FIELDS} } }`, {
      id,
    });
    writeJob(json, found);
  });

  asking(
    job.command('watch <id>').description('wait for a job, with its progress'),
    async ({ client, json }, id: string) => {
      const ended = await watchJob(client, id, { quiet: json });
      writeJob(json, ended);
      if (ended.state === 'PARTIAL') process.exitCode = EXIT.bad;
    },
  );

  asking(job.command('cancel <id>').description('ask a job to stop'), async ({ client, json }, id: string) => {
    const { job: cancelled } = await client.change<{ job: Job }>(
      `mutation ($id: ID!) { cancelJob(id: $id) { job { ${JOB_FIELDS} } userErrors { code message path } } }`,
      { id },
    );
    writeJob(json, cancelled);
  });
}

export function writeJob(json: boolean, job: Job): void {
  writeFacts({ json }, job, {
    ID: job.id,
    Job: job.titleEn,
    State: job.state.toLowerCase(),
    Done: `${Math.round(job.progress * 100)} %`,
    'Asked for': `${moment(job.requestedAt)} by ${job.requestedBy}`,
    Ended: moment(job.finishedAt),
    Error: job.errorMessage,
    Result: job.result,
  });
}
