import { type Command } from 'commander';

import { type Client } from '../client/client.js';
import { asking, wholeNumber } from '../client/command.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { findSource } from '../client/find-source.js';
import { LANGUAGE_FLAG, languageOf } from '../client/language.js';
import { remark, writeFacts, writeRows } from '../client/output.js';
import { watchJob } from '../client/watch-job.js';
import { findAsset } from './asset.js';

interface Proposal {
  readonly id: string;
  readonly fieldName: string;
  readonly field: { readonly dataset: { readonly source: { readonly name: string } } };
  readonly category: string;
  readonly categoryEn: string;
  readonly categoryZh: string;
  readonly level: string;
  readonly score: number;
  readonly state: string;
  readonly explanationEn: readonly string[];
  readonly explanationZh: readonly string[];
  readonly decidedBy: string | null;
}

const FIELDS =
  'id fieldName field { dataset { source { name } } } category categoryEn categoryZh level score state explanationEn explanationZh decidedBy';

interface Filter {
  readonly source?: string;
  readonly dataset?: string;
  readonly category?: string;
  readonly level?: string;
  readonly minScore?: number;
}

interface ListOptions extends Filter {
  readonly state: string;
  readonly limit: number;
  readonly language: string;
}

/** What one call of the API lists, and what one decides. */
const PAGE = 500;

/** `plumbline proposals`: columns that probably hold sensitive data, and what people decide on them. */
export function addProposals(program: Command): void {
  const command = program.command('proposals').description('columns that probably hold sensitive data');

  asking(
    filtered(command.command('list').description('the likeliest first'))
      .option('--state <state>', 'open, accepted, rejected or withdrawn', 'open')
      .option('--limit <n>', 'how many', wholeNumber, 50)
      .option(...LANGUAGE_FLAG),
    async ({ client, json }, { state, limit, language, ...filter }: ListOptions) => {
      const { found, total } = await list(client, filter, state, limit);
      write(json, found, languageOf(language), `There is no proposal that is ${state}.`);
      if (total > found.length) remark(`${found.length} of ${total}; more with --limit.`);
    },
  );

  for (const accepted of [true, false])
    asking(
      filtered(
        command
          .command(`${accepted ? 'accept' : 'reject'} [field...]`)
          .description(
            `${accepted ? 'give the columns the proposed level' : 'it is not so, and is not proposed again'}; by their names ` +
              'as listed, or all open ones that the options name',
          ),
      ).option(...LANGUAGE_FLAG),
      async ({ client, json }, names: string[], { language, ...filter }: Filter & { language: string }) => {
        const ids = names.length > 0 ? await named(client, filter, names) : await all(client, filter);
        const decided: Proposal[] = [];
        for (let at = 0; at < ids.length; at += PAGE)
          decided.push(...(await decide(client, ids.slice(at, at + PAGE), accepted)));
        write(json, decided, languageOf(language), 'There is no open proposal like that.');
      },
    );

  asking(
    command
      .command('detect')
      .description('look for sensitive data now, also in what has not changed, and wait for it')
      .option('--source <name>')
      .option('--dataset <name>'),
    async ({ client, json }, { source, dataset }: Filter) => {
      if (source === undefined && dataset === undefined)
        throw new CommandFailed('Say where to look: --source or --dataset.', EXIT.input);
      const { job } = await client.change<{ job: { id: string } }>(
        `mutation ($sourceId: ID, $datasetId: ID) {
           detectSensitiveData(sourceId: $sourceId, datasetId: $datasetId) { job { id } userErrors { code message path } } }`,
        dataset === undefined
          ? { sourceId: (await placeOf(client, { source })).sourceId }
          : { datasetId: (await placeOf(client, { source, dataset })).datasetId },
      );
      const done = await watchJob(client, job.id, { quiet: json });
      const { datasets, sampled, proposed, withdrawn, problems } = done.result as Record<string, number> & {
        problems: Record<string, number>;
      };
      writeFacts({ json }, done.result ?? {}, {
        'Datasets looked at': datasets,
        'With values': sampled,
        'Proposed or changed': proposed,
        Withdrawn: withdrawn,
      });
      for (const [code, count] of Object.entries(problems)) remark(`No values of ${count} datasets: ${code}.`);
      if (done.state === 'PARTIAL') process.exitCode = EXIT.bad;
    },
  );
}

const filtered = (command: Command): Command =>
  command
    .option('--source <name>')
    .option('--dataset <name>')
    .option('--category <code>', 'for instance resident_id')
    .option('--level <level>', 'the proposed one: L1 to L5')
    .option('--min-score <score>', 'from 0 to 1', Number);

async function placeOf(client: Client, { source, dataset }: Filter) {
  const found = dataset === undefined ? undefined : await findAsset(client, dataset, source);
  if (found && found.__typename !== 'Dataset') throw new CommandFailed(`"${dataset}" is a column.`, EXIT.input);
  return { sourceId: source === undefined ? undefined : (await findSource(client, source)).id, datasetId: found?.id };
}

async function list(
  client: Client,
  filter: Filter,
  state: string,
  most: number,
): Promise<{ found: Proposal[]; total: number }> {
  const { category, level, minScore } = filter;
  const wanted = {
    ...(await placeOf(client, filter)),
    ...{ category: category?.toUpperCase(), level: level?.toUpperCase(), minScore, state: state.toUpperCase() },
  };
  const found: Proposal[] = [];
  for (let after: string | null = null; ;) {
    const {
      page,
    }: {
      page: { totalCount: number; pageInfo: { endCursor: string | null; hasNextPage: boolean }; nodes: Proposal[] };
    } = await client.ask(
      `query ($sourceId: ID, $datasetId: ID, $category: SensitiveCategory, $level: SecurityLevel, $minScore: Float,
                $state: ProposalState, $first: Int, $after: String) {
           page: sensitiveProposals(sourceId: $sourceId, datasetId: $datasetId, category: $category, level: $level,
                                    minScore: $minScore, state: $state, first: $first, after: $after) {
             totalCount pageInfo { endCursor hasNextPage } nodes { ${FIELDS} } } }`,
      { ...wanted, first: Math.min(PAGE, most - found.length), after },
    );
    found.push(...page.nodes);
    after = page.pageInfo.endCursor;
    if (!page.pageInfo.hasNextPage || found.length >= most) return { found, total: page.totalCount };
  }
}

async function all(client: Client, filter: Filter): Promise<string[]> {
  if (Object.values(filter).every((value) => value === undefined))
    throw new CommandFailed('Name columns, or say which with --source, --category, --min-score …', EXIT.input);
  return (await list(client, filter, 'open', Infinity)).found.map(({ id }) => id);
}

/** By whole names or their ends: "core.customer#id_no" or "customer#id_no". */
async function named(client: Client, filter: Filter, names: readonly string[]): Promise<string[]> {
  const { found } = await list(client, filter, 'open', Infinity);
  return names.flatMap((name) => {
    const hits = found.filter(
      ({ id, fieldName }) => id === name || fieldName === name || fieldName.endsWith(`.${name}`),
    );
    const fields = [...new Set(hits.map(({ fieldName }) => fieldName))];
    const sources = [...new Set(hits.map(sourceOf))];
    if (fields.length === 1 && sources.length === 1) return hits.map(({ id }) => id);
    if (fields.length === 1)
      throw new CommandFailed(
        `${sources.length} sources have "${name}": ${sources.map((each) => `"${each}"`).join(', ')}. Say which with --source.`,
        EXIT.input,
      );
    throw new CommandFailed(
      fields.length === 0
        ? `Nothing open is proposed of "${name}". See "plumbline proposals list".`
        : `"${name}" is the end of ${fields.length} names: ${fields.join(', ')}.`,
      EXIT.input,
    );
  });
}

const sourceOf = ({ field }: Proposal): string => field.dataset.source.name;

async function decide(client: Client, ids: readonly string[], accepted: boolean): Promise<Proposal[]> {
  const { proposals } = await client.change<{ proposals: Proposal[] }>(
    `mutation ($ids: [ID!]!, $accepted: Boolean!) {
       decideSensitiveProposals(ids: $ids, accepted: $accepted) { proposals { ${FIELDS} } userErrors { code message path } } }`,
    { ids, accepted },
  );
  return proposals;
}

const write = (json: boolean, proposals: readonly Proposal[], language: 'zh' | 'en', empty: string) =>
  writeRows(
    { json },
    proposals,
    {
      Column: ({ fieldName }) => fieldName,
      Source: sourceOf,
      Category: ({ category, categoryEn, categoryZh }) =>
        `${language === 'zh' ? categoryZh : categoryEn} (${category.toLowerCase()})`,
      Level: ({ level }) => level,
      Score: ({ score }) => score.toFixed(2),
      State: ({ state }) => state.toLowerCase(),
      Because: ({ explanationEn, explanationZh }) => (language === 'zh' ? explanationZh : explanationEn).join(' '),
    },
    empty,
  );
