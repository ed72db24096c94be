import { type Command } from 'commander';

import { asking, wholeNumber } from '../client/command.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { findSource } from '../client/find-source.js';
import { moment, remark, writeRows } from '../client/output.js';

interface Rename {
  readonly id: string;
  readonly fromName: string;
  readonly toName: string;
  readonly state: string;
  readonly proposedAt: string;
  readonly decidedBy: string | null;
  readonly source: { readonly name: string };
}

const FIELDS = 'id fromName toName state proposedAt decidedBy source { name }';

/** `plumbline rename`: probable renames, and what people decide on them. */
export function addRename(program: Command): void {
  const command = program.command('rename').description('tables and columns that probably have another name now');

  asking(
    command
      .command('list')
      .description('newest first')
      .option('--source <name>')
      .option('--state <state>', 'open, accepted, rejected or withdrawn', 'open')
      .option('--limit <n>', 'how many', wholeNumber, 50),
    async ({ client, json }, { source, state, limit }: { source?: string; state: string; limit: number }) => {
      const sourceId = source === undefined ? undefined : (await findSource(client, source)).id;
      const { renames } = await client.ask<{ renames: { totalCount: number; nodes: Rename[] } }>(
        `query ($sourceId: ID, $state: RenameState, $first: Int) {
           renames(sourceId: $sourceId, state: $state, first: $first) { totalCount nodes { ${FIELDS} } } }`,
        { sourceId, state: state.toUpperCase(), first: limit },
      );
      write(json, renames.nodes, `There is no rename that is ${state}.`);
      if (renames.totalCount > renames.nodes.length)
        remark(`${renames.nodes.length} of ${renames.totalCount}; more with --limit.`);
    },
  );

  for (const accepted of [true, false])
    asking(
      command
        .command(`${accepted ? 'accept' : 'reject'} <name...>`)
        .description(
          accepted
            ? 'by the old or the new name: carry over what people said of the old one'
            : 'by the old or the new name: they are two things, and are not proposed again',
        ),
      async ({ client, json }, names: string[]) => {
        const { renames } = await client.ask<{ renames: { nodes: Rename[] } }>(
          `{ renames(first: 500) { nodes { ${FIELDS} } } }`,
        );
        const ids = names.map((name) => idOf(renames.nodes, name));
        const { renames: decided } = await client.change<{ renames: Rename[] }>(
          `mutation ($ids: [ID!]!, $accepted: Boolean!) {
             decideRenames(ids: $ids, accepted: $accepted) { renames { ${FIELDS} } userErrors { code message path } } }`,
          { ids, accepted },
        );
        write(json, decided, '');
      },
    );
}

function idOf(open: readonly Rename[], name: string): string {
  const found = open.filter((rename) => [rename.id, rename.fromName, rename.toName].includes(name));
  if (found.length === 1) return found[0]!.id;
  const known = open.map(({ fromName }) => `  ${fromName}`).join('\n');
  throw new CommandFailed(
    found.length > 1
      ? `"${name}" stands in ${found.length} renames; say which by its id.`
      : `There is no open rename of "${name}".${known === '' ? '' : ` There are:\n${known}`}`,
    EXIT.input,
  );
}

const write = (json: boolean, renames: readonly Rename[], empty: string) =>
  writeRows(
    { json },
    renames,
    {
      Source: ({ source }) => source.name,
      'Old name': ({ fromName }) => fromName,
      'New name': ({ toName }) => toName,
      State: ({ state }) => state.toLowerCase(),
      Found: ({ proposedAt }) => moment(proposedAt),
      'Decided by': ({ decidedBy }) => decidedBy,
    },
    empty,
  );
