import { type Command } from 'commander';

import { asking } from '../../client/command.js';
import { EXIT } from '../../client/exit.js';
import { findSource } from '../../client/find-source.js';
import { remark, writeFacts } from '../../client/output.js';
import { watchJob } from '../../client/watch-job.js';

/** `plumbline lineage read-log`: what a source ran, from its own log. */
export function addReadLog(lineage: Command): void {
  asking(
    lineage
      .command('read-log <source>')
      .description('read the lineage of what a source ran, from the log that its setting queryLog names'),
    async ({ client, json }, name: string) => {
      const { id } = await findSource(client, name);
      const { job } = await client.change<{ job: { id: string } }>(
        `mutation ($id: ID!) { readQueryLog(sourceId: $id) { job { id } userErrors { code message path } } }`,
        { id },
      );
      const { result } = await watchJob(client, job.id, { quiet: json });
      const { problems = [], ...facts } = (result ?? {}) as { problems?: readonly string[] };
      writeFacts({ json }, result ?? {}, facts);
      if (problems.length === 0) return;
      for (const problem of problems) remark(problem);
      process.exitCode = EXIT.bad;
    },
  );
}
