import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { projectRoot } from '#platform/config';
import pg from 'pg';

import { line, quantile, spread, timed } from './figures.js';
import { Product } from './product.js';

const PAGE = `query ($id: ID!) {
  dataset(id: $id) {
    id urn name kind comment rowEstimate source { id name kind }
    entry { businessName definition owner tags securityLevel revision changedBy changedAt }
    keys { kind name fields }
    fields { id name ordinal nativeType nullable comment entry { businessName definition owner tags securityLevel } }
  }
}`;

/** The bare question to the database: what an asset page of 50 columns costs without us. */
const FLOOR = `
  SELECT field.*, entry.business_name, entry.definition, entry.owner, entry.tags, entry.security_level
    FROM dictionary.current_field AS field LEFT JOIN dictionary.entry ON entry.field_id = field.id
   WHERE field.dataset_id = $1 ORDER BY field.ordinal`;

/** An asset page with 50 columns over HTTP, beside the bare query for its columns. */
export async function assetPage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-bench-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const product = await Product.start(projectRoot, data, '--no-demo');
  const password = readFileSync(join(data, 'postgres-password'), 'utf8').trim();
  const port = readFileSync(join(data, 'postgres-port'), 'utf8').trim();
  const at = (database: string) => `postgres://plumbline:${password}@127.0.0.1:${port}/${database}`;
  const catalog = new pg.Client({ connectionString: at('plumbline') });
  try {
    await catalog.connect();
    await catalog.query('CREATE DATABASE wide');
    const wide = new pg.Client({ connectionString: at('wide') });
    await wide.connect();
    const columns = Array.from({ length: 50 }, (_, n) => `"列${n}" numeric(18,2) NOT NULL`).join(', ');
    await wide.query(`CREATE TABLE t (${columns}); COMMENT ON TABLE t IS '宽表'`);
    await wide.end();
    const { registerSource } = await product.ask<{ registerSource: { source: { id: string } } }>(
      'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { source { id } userErrors { message } } }',
      {
        input: {
          name: 'wide',
          kind: 'postgres',
          settings: {
            host: '127.0.0.1',
            port: Number(port),
            database: 'wide',
            user: 'plumbline',
            password,
            tls: 'disable',
          },
        },
      },
    );
    await product.ask('mutation ($id: ID!) { harvestSource(sourceId: $id) { run { id } } }', {
      id: registerSource.source.id,
    });
    let id: string | undefined;
    while (id === undefined) {
      const { datasets } = await product.ask<{ datasets: { nodes: { id: string }[] } }>(
        '{ datasets(first: 1) { nodes { id } } }',
      );
      id = datasets.nodes[0]?.id;
    }
    await timed(50, () => product.ask(PAGE, { id }));
    const page = await timed(300, () => product.ask(PAGE, { id }));
    line('asset page, 50 columns, over HTTP, one after the other', spread(page));
    const row = Buffer.from(id, 'base64url').toString('utf8').split(':')[1];
    await timed(50, () => catalog.query(FLOOR, [row]));
    const floor = await timed(300, () => catalog.query(FLOOR, [row]));
    line(
      'floor: the bare query for the columns',
      spread(floor),
      `page is ${(quantile(page, 0.5) / quantile(floor, 0.5)).toFixed(1)} ×`,
    );
    const began = performance.now();
    await Promise.all(Array.from({ length: 10 }, () => timed(50, () => product.ask(PAGE, { id }))));
    line('the same, 10 at once', `${(500 / ((performance.now() - began) / 1000)).toFixed(0)} pages/s`);
  } finally {
    await catalog.end();
    await product.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
