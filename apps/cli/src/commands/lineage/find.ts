import { type Client } from '../../client/client.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { findAsset } from '../asset.js';

/** What lineage can be asked of. */
export interface Found {
  readonly id: string;
  /** Its whole name. */
  readonly name: string;
  /** Null for what is known by name only. */
  readonly sourceName: string | null;
}

const ID = /^(?:Field|Dataset|LineageNode):[\w-]+$/;

/** `postgres://dwh:5432/risk.dwd.loan#amount`, or without the namespace. */
const WHOLE_NAME = /^(?:([a-z][\w+.-]*:\/\/[^/#]*)\/)?(.+?)(?:#(.+))?$/i;

/**
 * A dataset or column by its name, what no harvested source has by its exact name, or anything that lineage touches by its
 * id, as --json gives it.
 * @throws {CommandFailed}
 */
export async function findInLineage(client: Client, wanted: string, source?: string): Promise<Found> {
  if (ID.test(Buffer.from(wanted, 'base64url').toString('utf8'))) return { id: wanted, name: wanted, sourceName: null };
  const asset = await findAsset(client, wanted, source).catch(async (error: unknown) => {
    const known = source === undefined ? await knownByName(client, wanted) : undefined;
    if (known) return known;
    throw error;
  });
  if ('sourceName' in asset) return asset;
  const { name } = asset.__typename === 'Dataset' ? asset.source : asset.dataset.source;
  return { id: asset.id, name: asset.urn, sourceName: name };
}

async function knownByName(client: Client, wanted: string): Promise<Found | undefined> {
  const [, namespace, name, column] = WHOLE_NAME.exec(wanted) ?? [];
  const { lineageNodes: found } = await client.ask<{
    lineageNodes: { id: string; namespace: string; qualifiedName: string; column: string | null }[];
  }>(
    `query ($name: String!, $namespace: String, $column: String) {
       lineageNodes(name: $name, namespace: $namespace, column: $column) { id namespace qualifiedName column } }`,
    { name, namespace, column },
  );
  const names = found.map(
    (node) => `${node.namespace}/${node.qualifiedName}${node.column === null ? '' : `#${node.column}`}`,
  );
  if (found.length > 1)
    throw new CommandFailed(
      `Several things have that name; write one of them whole:\n  ${names.join('\n  ')}`,
      EXIT.input,
    );
  const [only] = found;
  return only && { id: only.id, name: names[0] ?? '', sourceName: null };
}
