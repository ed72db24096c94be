import { type Command } from 'commander';

import { type Client } from '../../client/client.js';
import { asking, wholeNumber } from '../../client/command.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { moment, writeFacts, writeJson, writeLine, writeRows } from '../../client/output.js';
import { watchJob } from '../../client/watch-job.js';

interface Pipeline {
  readonly id: string;
  readonly name: string;
  readonly tool: string | null;
  readonly validFrom: string;
  readonly endedAt: string | null;
  readonly revision: { readonly repository: string | null; readonly commit: string } | null;
}

interface Job {
  readonly line: number;
  readonly kind: string;
  readonly status: string;
  readonly reasons: readonly { readonly line: number; readonly code: string; readonly message: string }[];
}

const PIPELINE = 'id name tool validFrom endedAt revision { repository commit }';

/** `plumbline pipeline list|show|remove|not-understood`: the pipelines that the catalog has. */
export function addKeptPipelines(pipeline: Command): void {
  asking(
    pipeline
      .command('list')
      .description('the pipelines that the catalog has, by name')
      .option('--ended', 'also those that run no more'),
    async ({ client, json }, { ended }: { ended?: boolean }) => {
      const all = (await allPipelines(client)).filter(({ endedAt }) => ended === true || endedAt === null);
      writeRows(
        { json },
        all,
        {
          Name: ({ name }) => name,
          Tool: ({ tool }) => tool,
          Since: ({ validFrom }) => moment(validFrom),
          Revision: ({ revision }) => revision?.commit.slice(0, 12),
          ...(ended === true && { Ended: ({ endedAt }: Pipeline) => moment(endedAt) }),
        },
        'The catalog has no pipelines. Take some in with "plumbline pipeline import".',
      );
    },
  );
  asking(
    pipeline.command('show <name>').description('a pipeline with its jobs, and what of them was not understood'),
    async ({ client, json }, name: string) => {
      const { id } = await findPipeline(client, name);
      const { lineageScript: found } = await client.ask<{
        lineageScript: Pipeline & { options: object; statements: Job[] };
      }>(
        `query ($id: ID!) { lineageScript(id: $id) { ${PIPELINE} options
           statements { line kind status reasons { line code message } } } }`,
        { id },
      );
      if (json) return writeJson(found);
      const { revision } = found;
      writeFacts({ json }, found, {
        Name: found.name,
        Tool: found.tool,
        Since: moment(found.validFrom),
        Ended: moment(found.endedAt),
        Revision: revision && [revision.repository, revision.commit].filter(Boolean).join(' '),
      });
      writeLine('');
      writeRows({ json }, found.statements, {
        Line: ({ line }) => line,
        Job: ({ kind }) => kind,
        Status: ({ status }) => status.toLowerCase(),
        Why: ({ reasons }) => reasons.map(({ message }) => message).join('; '),
      });
    },
  );
  asking(
    pipeline.command('remove <name>').description('say that a pipeline runs no more: its edges end'),
    async ({ client, json }, name: string) => {
      const { id } = await findPipeline(client, name);
      const { job } = await client.change<{ job: { id: string } }>(
        'mutation ($id: ID!) { removePipeline(id: $id) { job { id } userErrors { code message path } } }',
        { id },
      );
      const { result } = await watchJob(client, job.id, { quiet: json });
      writeFacts({ json }, result ?? {}, { 'Edges ended': result?.edgesClosed });
    },
  );
  asking(
    pipeline
      .command('not-understood')
      .description('jobs of pipelines that were not wholly understood, each with its reason and place')
      .option('--limit <n>', 'how many', wholeNumber, 50),
    async ({ client, json }, { limit }: { limit: number }) => {
      const { notUnderstood } = await client.ask<{ notUnderstood: { nodes: (Job & { script: { name: string } })[] } }>(
        `query ($first: Int) { notUnderstood(first: $first) { nodes { kind status line script { name } reasons { code message line } } } }`,
        { first: limit },
      );
      writeRows(
        { json },
        notUnderstood.nodes,
        {
          Pipeline: ({ script, line }) => `${script.name}:${line}`,
          Job: ({ kind }) => kind,
          Status: ({ status }) => status.toLowerCase(),
          Why: ({ reasons }) => reasons.map(({ message }) => message).join('; '),
        },
        'Every job was understood.',
      );
    },
  );
}

async function allPipelines(client: Client): Promise<Pipeline[]> {
  const found: Pipeline[] = [];
  for (let after: string | null = null; ;) {
    const { lineageScripts }: Page = await client.ask(
      `query ($after: String) { lineageScripts(origins: [PIPELINE], first: 200, after: $after) {
         nodes { ${PIPELINE} } pageInfo { hasNextPage endCursor } } }`,
      { after },
    );
    found.push(...lineageScripts.nodes);
    if (!lineageScripts.pageInfo.hasNextPage) return found;
    after = lineageScripts.pageInfo.endCursor;
  }
}

interface Page {
  readonly lineageScripts: {
    readonly nodes: readonly Pipeline[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** A pipeline by its name. @throws {CommandFailed} that lists names that are near. */
async function findPipeline(client: Client, wanted: string): Promise<Pipeline> {
  const all = await allPipelines(client);
  const found = all.find(({ id, name }) => name === wanted || id === wanted);
  if (found) return found;
  const near = all.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase())).slice(0, 5);
  throw new CommandFailed(
    near.length > 0
      ? `There is no pipeline "${wanted}". Do you mean ${near.map(({ name }) => `"${name}"`).join(', ')}?`
      : `There is no pipeline "${wanted}". "plumbline pipeline list" shows what there is.`,
    EXIT.input,
  );
}
