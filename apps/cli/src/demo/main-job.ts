import { demoCuration, type DemoPlaces, type DemoSource } from '#demo';

import { type Client } from '../client/client.js';
import { harvest } from '../commands/harvest.js';
import { addTotals } from '../commands/lineage/import-totals.js';
import { importSql, scriptsAt } from '../commands/lineage/import-sql.js';
import { importPipelines } from '../commands/pipeline/import.js';
import { dayIn, makeReport } from '../commands/report.js';
import { buildCustomers } from './master-data.js';
import { DemoIndex, registerSources } from './places.js';
import { runQuality } from './quality.js';
import { setStandards } from './standards.js';

/** A line of the table that is shown at the end. */
export type Line = readonly [what: string, result: string];

/**
 * Does the product's main job on the demo bank, over the API as a person would: registers, harvests, describes, sets
 * standards and rules, runs them, reads lineage, builds golden customers, makes the report. Doing it again changes
 * nothing that is done.
 */
export async function doMainJob(client: Client, places: DemoPlaces, say: (sentence: string) => void): Promise<Line[]> {
  const sources = await registerSources(client, places);
  const lines: Line[] = [];
  for (const source of ['core', 'bureau', 'warehouse'] as const)
    lines.push(await harvestOne(client, source, sources[source], say));
  const index = await DemoIndex.of(client, sources);
  lines.push(await curate(client, index));
  say('Setting standards and checking them');
  lines.push(['Standards', await setStandards(client, index, Object.values(sources))]);
  say('Reading the lineage of the ETL');
  lines.push(await readLineage(client, sources, places));
  lines.push(await readPipelines(client, places));
  say('Running the quality rules');
  lines.push(['Quality', await runQuality(client, index)]);
  say('Building golden customers');
  lines.push(['Master data', await buildCustomers(client, index)]);
  say('Making the quality report');
  lines.push(await report(client, sources.core));
  return lines;
}

async function harvestOne(
  client: Client,
  source: DemoSource,
  id: string,
  say: (sentence: string) => void,
): Promise<Line> {
  say(`Harvesting ${source}`);
  const { added, changed, unchanged } = await harvest(client, id, {}, { quiet: true });
  return [`Harvest ${source}`, `${added + changed + unchanged} datasets`];
}

async function curate(client: Client, index: DemoIndex): Promise<Line> {
  const assets = demoCuration.map((note) => ({
    id: index.column(note),
    businessName: note.nameZh,
    definition: `${note.definitionZh} (${note.nameEn})`,
    owner: note.owner,
    tags: note.tags,
    securityLevel: note.level,
  }));
  await client.change(
    'mutation ($assets: [AssetDescriptionInput!]!) { describeAssets(assets: $assets) { assets { __typename } userErrors { code message path } } }',
    { assets },
  );
  return ['Dictionary', `${assets.length} columns described`];
}

/** Reads the ETL scripts; the views were read after the harvest. */
async function readLineage(
  client: Client,
  sources: Readonly<Record<DemoSource, string>>,
  places: DemoPlaces,
): Promise<Line> {
  const result = await importSql(
    client,
    {
      sourceId: sources.warehouse,
      dialect: 'postgres',
      aliases: [{ alias: 'bureau', sourceId: sources.bureau }],
      scripts: await scriptsAt(places.etl.folder),
    },
    true,
  );
  const { scripts, edgesAdded, statements, unresolvedEdges } = result;
  const understood = Object.entries(statements).map(([status, count]) => `${count} ${status}`);
  return [
    'Lineage',
    `${scripts} ETL scripts: statements ${understood.join(', ')}; ${edgesAdded} new edges, ${unresolvedEdges} unresolved`,
  ];
}

/** Takes in the DataX jobs and the dbt project: other roads that the same data takes, with a report at the end. */
async function readPipelines(client: Client, { pipelines, warehouse }: DemoPlaces): Promise<Line> {
  const datax = await importPipelines(client, pipelines.datax, { prefix: '演示/datax/', prune: true }, true);
  const dbtNamespace = `postgres://${warehouse.host}:${warehouse.port}`;
  const dbt = await importPipelines(client, pipelines.dbt, { prefix: '演示/dbt/', dbtNamespace, prune: true }, true);
  const { scripts, edgesAdded, unresolvedEdges } = addTotals(datax.totals, dbt.totals);
  return ['Pipelines', `${scripts} files of DataX and dbt; ${edgesAdded} new edges, ${unresolvedEdges} unresolved`];
}

async function report(client: Client, sourceId: string): Promise<Line> {
  const timeZone = 'Asia/Shanghai';
  const wish = { sourceId, timeZone, from: dayIn(timeZone, 30), to: dayIn(timeZone), language: 'ZH' as const };
  const { files } = await makeReport(client, { ...wish, formats: ['HTML', 'CSV'] }, true);
  await client.change(
    `mutation ($sourceId: ID!, $timeZone: String!) {
       scheduleQualityReport(sourceId: $sourceId, period: WEEK, language: ZH, formats: [HTML, CSV], timeZone: $timeZone) { userErrors { code message path } } }`,
    { sourceId, timeZone },
  );
  return ['Quality report', files.map(({ format, bytes }) => `${format} ${Math.ceil(bytes / 1024)} kB`).join(', ')];
}
