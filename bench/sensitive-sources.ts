import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Connection, type HarvestedDataset } from '#core/connector-kit';
import { type Evidence, matchValues } from '#core/sensitive-data';
import { connectorOf } from '#connectors/catalogue';
import { makeDemo } from '#demo';
import { type EmbeddedServer, startEmbedded } from '#platform/embedded-postgres';
import { createConnection } from 'mysql2/promise';

import { type labels } from './sensitive-labels.js';

export interface Column {
  readonly values: readonly (string | number | boolean | null)[];
  readonly evidence: Evidence;
}

/** A dataset as a harvest sees it, and a sample of each column. */
export interface SampledDataset {
  /** As the labels name it. */
  readonly label: string;
  readonly dataset: HarvestedDataset;
  readonly columns: ReadonlyMap<string, Column>;
}

export type SourceName = keyof typeof labels;
const SAMPLE = 300;

async function sampled(
  connection: Connection,
  label: (dataset: HarvestedDataset) => string | undefined,
): Promise<SampledDataset[]> {
  const call = { signal: new AbortController().signal, deadlineMs: 60_000 };
  const datasets: HarvestedDataset[] = [];
  for await (const part of connection.snapshot({}, call)) if (part.part === 'dataset') datasets.push(part.dataset);
  const found: SampledDataset[] = [];
  for (const dataset of datasets) {
    const name = label(dataset);
    if (name === undefined) continue;
    const { columns, rows } = await connection.query(
      `SELECT * FROM ${connection.relation(dataset.scope, dataset.name)} LIMIT ${SAMPLE}`,
      [],
      call,
    );
    found.push({
      label: name,
      dataset,
      columns: new Map(
        columns.map((column, at) => {
          const values = rows.map((row) => row[at] ?? null);
          return [column.name, { values, evidence: matchValues(values) }];
        }),
      ),
    });
  }
  await connection.close();
  return found;
}

const open = async (kind: string, settings: object, secrets: Record<string, string> = {}) => {
  const connector = connectorOf(kind);
  if (!connector) throw new Error(`There is no connector "${kind}".`);
  return connector.open(settings, secrets);
};

const fileTable = ({ name }: HarvestedDataset) => name.replace(/\.\w+$/, '');

/** The demo bank, its bureau's files and its warehouse, made anew. */
export async function demoSource(folder: string): Promise<SampledDataset[]> {
  const server: EmbeddedServer = await startEmbedded({ dataDir: join(folder, 'postgres'), port: 0 });
  try {
    const places = await makeDemo({ adminUrl: server.url('postgres'), folder: join(folder, 'bureau'), customers: 400 });
    const found: SampledDataset[] = [];
    for (const { password, ...place } of [places.core, places.warehouse]) {
      const connection = await open('postgres', { ...place, tls: 'disable' }, { password: password ?? '' });
      // core_src shows the core's tables once more.
      found.push(
        ...(await sampled(connection, ({ scope, name }) => (scope === 'core_src' ? undefined : `${scope}.${name}`))),
      );
    }
    found.push(...(await sampled(await open('files', { folder: places.bureau.folder, alias: 'bureau' }), fileTable)));
    return found;
  } finally {
    await server.stop();
  }
}

export async function filesSource(folder: string): Promise<SampledDataset[]> {
  return sampled(await open('files', { folder, alias: 'bank-loans' }), fileTable);
}

/** The dump, loaded into a MariaDB of its own. */
export async function mariaDbSource(dump: string, url: string): Promise<SampledDataset[]> {
  const { hostname: host, port, username: user } = new URL(url);
  const admin = await createConnection({ host, port: Number(port), user, multipleStatements: true });
  await admin.query('CREATE DATABASE core_banking; USE core_banking');
  await admin.query("SET sql_mode = '', foreign_key_checks = 0");
  await admin.query(readFileSync(dump, 'utf8'));
  await admin.end();
  const settings = { host, port: Number(port), user, database: 'core_banking', tls: 'disable' };
  return sampled(await open('mysql', settings), ({ name }) => name);
}
