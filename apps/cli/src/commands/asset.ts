import { type Command } from 'commander';

import { type Client } from '../client/client.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { findSource } from '../client/find-source.js';
import { asking, several, wholeNumber } from '../client/command.js';
import { moment, remark, writeFacts, writeJson, writeRows } from '../client/output.js';

interface Entry {
  readonly businessName: string;
  readonly definition: string;
  readonly owner: string;
  readonly tags: readonly string[];
  readonly securityLevel: string | null;
  readonly changedBy: string;
  readonly changedAt: string;
}

interface Column {
  readonly __typename: 'Field';
  readonly id: string;
  readonly urn: string;
  readonly name: string;
  readonly nativeType: string;
  readonly nullable: boolean;
  readonly comment: string | null;
  readonly dataset: { readonly source: { readonly name: string } };
  readonly entry: Entry | null;
}

interface Dataset {
  readonly __typename: 'Dataset';
  readonly id: string;
  readonly urn: string;
  readonly name: string;
  readonly kind: string;
  readonly comment: string | null;
  readonly present: boolean;
  readonly rowEstimate: number | null;
  readonly source: { readonly name: string };
  readonly effectiveLevel: {
    readonly level: string;
    readonly setBy: string;
    readonly field: { readonly name: string } | null;
  } | null;
  readonly entry: Entry | null;
  readonly fields: readonly Column[];
}

type Asset = Dataset | Column;

const ENTRY = 'entry { businessName definition owner tags securityLevel changedBy changedAt }';
const FIELD = `__typename id urn name nativeType nullable comment dataset { source { name } } ${ENTRY}`;
const EFFECTIVE = 'effectiveLevel { level setBy field { name } }';
const ASSET = `
  __typename
  ... on Dataset { id urn name kind comment present rowEstimate source { name } ${EFFECTIVE} ${ENTRY} fields { ${FIELD} } }
  ... on Field { ${FIELD} }`;

/**
 * An asset by its whole name, or by a search that has one best answer.
 * @param source only in this one: two sources may be two accounts on one server, and see the same tables.
 * @throws {CommandFailed}
 */
export async function findAsset(client: Client, wanted: string, source?: string): Promise<Asset> {
  if (wanted.includes('://')) {
    const sourceId = source === undefined ? undefined : (await findSource(client, source)).id;
    const { asset } = await client.ask<{ asset: Asset | null }>(
      `query ($urn: String!, $sourceId: ID) { asset(urn: $urn, sourceId: $sourceId) { ${ASSET} } }`,
      { urn: wanted, sourceId },
    );
    if (asset) return asset;
    throw new CommandFailed(`The catalog knows nothing named ${wanted}. Try "plumbline asset search".`, EXIT.input);
  }
  const { search, whole } = await wholeNames(client, wanted, source);
  const exact = whole.length > 0 ? whole : search.nodes.filter(({ rank }) => rank === 'EXACT_NAME');
  const [only, ...others] = exact.length > 0 ? exact : search.nodes;
  if (only && others.length === 0) return only.asset;
  if (!only)
    throw new CommandFailed(`Nothing is named ${JSON.stringify(wanted)}. Try "plumbline asset search".`, EXIT.input);
  throw new CommandFailed(
    `${JSON.stringify(wanted)} names ${exact.length > 0 ? exact.length : search.totalCount} things. Say which, by its whole name or with --source:\n` +
      [only, ...others]
        .slice(0, 20)
        .map(({ asset }) => `  ${asset.urn}  (${sourceOf(asset)})`)
        .join('\n'),
    EXIT.input,
  );
}

interface Found {
  readonly totalCount: number;
  readonly nodes: readonly { readonly rank: string; readonly asset: Asset }[];
}

/**
 * What a search finds, and what of it has the name as the end of its whole name: "dwd.loan", "loan#amount", "loan.amount".
 * @throws {CommandFailed} when a table is named and a column that it does not have
 */
async function wholeNames(
  client: Client,
  wanted: string,
  source: string | undefined,
): Promise<{ search: Found; whole: Found['nodes'] }> {
  const search = await searched(client, wanted, source);
  const whole = named(search, wanted);
  const [, table, column] = /^(.+)#(.+)$/s.exec(wanted) ?? /^(.+)\.(.+)$/s.exec(wanted) ?? [];
  if (whole.length > 0 || table === undefined || column === undefined) return { search, whole };
  // A search takes each word by itself, and finds no column by words of which some are only in the name of its table.
  const tables = named(await searched(client, table, source), table).flatMap(({ asset }) =>
    asset.__typename === 'Dataset' ? [asset] : [],
  );
  const columns = tables.flatMap(({ fields }) => fields.filter(({ name }) => name === column));
  const [first] = tables;
  if (columns.length === 0 && first)
    throw new CommandFailed(
      `${first.urn} has no column ${JSON.stringify(column)}. It has ${first.fields.map(({ name }) => name).join(', ') || 'none'}.`,
      EXIT.input,
    );
  return { search, whole: columns.map((asset) => ({ rank: 'EXACT_NAME', asset })) };
}

const named = ({ nodes }: Found, name: string): Found['nodes'] =>
  nodes.filter(({ asset: { urn } }) => urn === name || urn.endsWith(`.${name}`) || urn.endsWith(`/${name}`));

async function searched(client: Client, text: string, source: string | undefined): Promise<Found> {
  const { search } = await client.ask<{ search: Found }>(
    `query ($text: String!) { search(text: $text, first: 50) { totalCount nodes { rank asset { ${ASSET} } } } }`,
    { text },
  );
  if (source === undefined) return search;
  const nodes = search.nodes.filter(({ asset }) => sourceOf(asset).toLowerCase() === source.toLowerCase());
  return { nodes, totalCount: nodes.length };
}

const sourceOf = (asset: Asset): string =>
  asset.__typename === 'Dataset' ? asset.source.name : asset.dataset.source.name;

const LEVELS = ['L1', 'L2', 'L3', 'L4', 'L5'];

function levelOf(text: string | undefined): string | undefined {
  const level = text?.toUpperCase();
  if (level === undefined || LEVELS.includes(level)) return level;
  throw new CommandFailed(`"${text}" is no security level. Write ${LEVELS.join(', ')}.`, EXIT.input);
}

function effectiveLevelOf({ effectiveLevel }: Dataset): string | null {
  if (!effectiveLevel) return null;
  const { level, field, setBy } = effectiveLevel;
  return `${level}, ${field ? `of its column ${field.name}` : 'of the whole'}, by ${setBy}`;
}

/** `plumbline asset`: the data dictionary. */
export function addAsset(program: Command): void {
  const command = program.command('asset').description('the data dictionary: tables, views, files and their columns');

  asking(
    command
      .command('search <words...>')
      .description('by name, comment, business name, definition or tag, in Chinese and English')
      .option('--limit <n>', 'how many', wholeNumber, 20),
    async ({ client, json }, words: string[], { limit }: { limit: number }) => {
      const { search } = await client.ask<{ search: { totalCount: number; nodes: { asset: Asset }[] } }>(
        `query ($text: String!, $first: Int) { search(text: $text, first: $first) { totalCount nodes { asset { ${ASSET} } } } }`,
        { text: words.join(' '), first: limit },
      );
      writeRows(
        { json },
        search.nodes.map(({ asset }) => asset),
        {
          Name: ({ urn }) => urn,
          Kind: (asset) => (asset.__typename === 'Dataset' ? asset.kind.toLowerCase() : asset.nativeType),
          'Business name': ({ entry }) => entry?.businessName,
          Comment: ({ comment }) => comment,
        },
        `Nothing matches ${JSON.stringify(words.join(' '))}.`,
      );
      if (search.totalCount > search.nodes.length)
        remark(`${search.nodes.length} of ${search.totalCount}; more with --limit.`);
    },
  );

  asking(
    command
      .command('show <name>')
      .description('a dataset with its columns, or a column')
      .option('--source <name>', 'in this source, where several have the name'),
    async ({ client, json }, name: string, { source }: { source?: string }) => {
      const asset = await findAsset(client, name, source);
      if (json) return writeJson(asset);
      const isDataset = asset.__typename === 'Dataset';
      writeFacts({ json }, asset, {
        Name: asset.urn,
        ...(isDataset
          ? {
              Kind: asset.kind.toLowerCase(),
              Source: asset.source.name,
              Rows: asset.rowEstimate,
              'In the source': asset.present ? 'yes' : 'no more',
            }
          : { Type: asset.nativeType, Nullable: asset.nullable ? 'yes' : 'no' }),
        Comment: asset.comment,
        'Business name': asset.entry?.businessName,
        Definition: asset.entry?.definition,
        Owner: asset.entry?.owner,
        Tags: asset.entry?.tags,
        'Security level': asset.entry?.securityLevel,
        ...(isDataset && { 'Effective level': effectiveLevelOf(asset) }),
        Written: asset.entry ? `${moment(asset.entry.changedAt)} by ${asset.entry.changedBy}` : null,
      });
      if (!isDataset) return;
      process.stdout.write('\n');
      writeRows({ json }, asset.fields, {
        Column: ({ name: column }) => column,
        Type: ({ nativeType, nullable }) => nativeType + (nullable ? '' : ' not null'),
        'Business name': ({ entry }) => entry?.businessName,
        Level: ({ entry }) => entry?.securityLevel,
        Comment: ({ comment }) => comment,
      });
    },
  );

  asking(
    command
      .command('describe <name>')
      .description('write about a dataset or a column; what is left out stays')
      .option('--source <name>', 'in this source, where several have the name')
      .option('--name <text>', 'business name')
      .option('--definition <text>')
      .option('--owner <name>')
      .option('--tag <tag>', 'may be repeated; replaces all tags', several)
      .option('--level <level>', 'security level, L1 to L5'),
    async (
      { client, json },
      name: string,
      options: { source?: string; name?: string; definition?: string; owner?: string; tag?: string[]; level?: string },
    ) => {
      const level = levelOf(options.level);
      const { id } = await findAsset(client, name, options.source);
      const { asset } = await client.change<{ asset: Asset }>(
        `mutation ($id: ID!, $name: String, $definition: String, $owner: String, $tags: [String!], $level: SecurityLevel) {
           describeAsset(id: $id, businessName: $name, definition: $definition, owner: $owner, tags: $tags, securityLevel: $level) {
             asset { ${ASSET} } userErrors { code message path } } }`,
        {
          id,
          name: options.name,
          definition: options.definition,
          owner: options.owner,
          tags: options.tag,
          level,
        },
      );
      writeFacts({ json }, asset, {
        Name: asset.urn,
        'Business name': asset.entry?.businessName,
        Definition: asset.entry?.definition,
        Owner: asset.entry?.owner,
        Tags: asset.entry?.tags,
        'Security level': asset.entry?.securityLevel,
      });
    },
  );
}
