import { type Command } from 'commander';

import { type Client } from '../../client/client.js';
import { asking, several } from '../../client/command.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { findSource } from '../../client/find-source.js';
import { moment, remark, writeJson, writeRows } from '../../client/output.js';
import { watchJob } from '../../client/watch-job.js';
import { findAsset } from '../asset.js';

interface Options {
  readonly source?: string;
  readonly dataset?: string;
  readonly state: string;
  readonly accept?: readonly string[];
  readonly reject?: readonly string[];
  readonly acceptFrom?: string;
  readonly look: boolean;
}

interface Suggestion {
  readonly id: string;
  readonly kind: string;
  readonly datasetName: string;
  readonly fields: readonly { readonly name: string }[];
  readonly params: unknown;
  readonly origin: string;
  readonly confidence: number;
  readonly evidence: readonly { readonly name: string; readonly value: string }[];
  readonly evidenceAt: string;
  readonly state: string;
}

const FIELDS = `id kind datasetName fields { name } params origin confidence evidence { name value } evidenceAt state`;
const STATES = ['open', 'accepted', 'rejected', 'withdrawn'];

/** `plumbline rule suggest`: rules that statistics, keys, standards and lineage speak for. */
export function addSuggest(rule: Command): void {
  asking(
    rule
      .command('suggest')
      .description('look for rules that statistics, keys, standards and lineage speak for; accept or reject them')
      .option('--source <name>', 'for all datasets of a source')
      .option('--dataset <name>', 'for one dataset')
      .option('--no-look', 'tell what was suggested before, without looking anew')
      .option('--state <state>', `which to tell: ${STATES.join(', ')}`, 'open')
      .option('--accept <id>', 'make a rule of this suggestion; may be repeated', several)
      .option('--reject <id>', 'never suggest it again on this evidence; may be repeated', several)
      .option(
        '--accept-from <confidence>',
        'make rules of all open ones of at least this confidence, for instance 0.9',
      ),
    async ({ client, json }, options: Options) => {
      if (!STATES.includes(options.state))
        throw new CommandFailed(`--state is one of ${STATES.join(', ')}.`, EXIT.input);
      const place = await placeOf(client, options);
      for (const [ids, accept] of [
        [options.accept, true],
        [options.reject, false],
      ] as const)
        if (ids) await decide(client, ids, accept);
      if (options.accept || options.reject) return;
      if (options.look) await look(client, place, json);
      const found = await suggestions(client, place, options.state);
      if (options.acceptFrom !== undefined) {
        const least = Number(options.acceptFrom);
        if (!(least >= 0 && least <= 1)) throw new CommandFailed('--accept-from is a number from 0 to 1.', EXIT.input);
        const chosen = found.filter(({ confidence, state }) => state === 'OPEN' && confidence >= least);
        for (let at = 0; at < chosen.length; at += 500)
          await decide(
            client,
            chosen.slice(at, at + 500).map(({ id }) => id),
            true,
          );
        if (chosen.length === 0) remark('No open suggestion is of that confidence.');
        return;
      }
      if (json) writeJson(found);
      else show(found);
    },
  );
}

function show(found: readonly Suggestion[]): void {
  writeRows(
    { json: false },
    found,
    {
      ID: ({ id }) => id,
      Kind: ({ kind }) => kind,
      On: ({ datasetName, fields }) => `${datasetName}#${fields.map(({ name }) => name).join('+')}`,
      Parameters: ({ params }) => JSON.stringify(params),
      From: ({ origin }) => origin.toLowerCase(),
      Confidence: ({ confidence }) => confidence.toFixed(2),
      Evidence: ({ evidence, evidenceAt }) =>
        `${evidence.map(({ name, value }) => `${name} ${value}`).join(', ')} (${moment(evidenceAt)})`,
    },
    'Nothing is suggested. Statistics (plumbline profile), confirmed standards and lineage are what suggestions are made of.',
  );
}

async function placeOf(client: Client, { source, dataset, accept, reject }: Options) {
  if (accept || reject) return {};
  if (source !== undefined && dataset === undefined) return { sourceId: (await findSource(client, source)).id };
  if (dataset === undefined) throw new CommandFailed('Say for what: --source NAME, or --dataset NAME.', EXIT.input);
  const asset = await findAsset(client, dataset, source);
  if (asset.__typename === 'Dataset') return { datasetId: asset.id };
  throw new CommandFailed(`${asset.urn} is a column; name its dataset.`, EXIT.input);
}

async function look(client: Client, place: object, quiet: boolean): Promise<void> {
  const { job } = await client.change<{ job: { id: string } }>(
    `mutation ($sourceId: ID, $datasetId: ID) {
       suggestRules(sourceId: $sourceId, datasetId: $datasetId) { job { id } userErrors { code message path } } }`,
    { ...place },
  );
  await watchJob(client, job.id, { quiet });
}

async function suggestions(client: Client, place: object, state: string): Promise<Suggestion[]> {
  const all: Suggestion[] = [];
  for (let after: string | null = null; ;) {
    const { ruleSuggestions: page }: { ruleSuggestions: Page } = await client.ask<{ ruleSuggestions: Page }>(
      `query ($sourceId: ID, $datasetId: ID, $states: [RuleSuggestionState!], $after: String) {
         ruleSuggestions(sourceId: $sourceId, datasetId: $datasetId, states: $states, first: 200, after: $after) {
           nodes { ${FIELDS} } pageInfo { hasNextPage endCursor } } }`,
      { ...place, states: [state.toUpperCase()], after },
    );
    all.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return all;
    after = page.pageInfo.endCursor;
  }
}

interface Page {
  readonly nodes: readonly Suggestion[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function decide(client: Client, ids: readonly string[], accept: boolean): Promise<void> {
  await client.change(
    `mutation ($ids: [ID!]!, $accept: Boolean!) {
       decideRuleSuggestions(ids: $ids, accept: $accept) { suggestions { id } userErrors { code message path } } }`,
    { ids, accept },
  );
  remark(accept ? `${ids.length} became rules.` : `${ids.length} rejected.`);
}
