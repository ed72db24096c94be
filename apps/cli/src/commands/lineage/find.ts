import { type Client } from '../../client/client.js';
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

/**
 * A dataset or column by its name, or anything that lineage touches by its id, as --json gives it: there is no other way to
 * name what the catalog knows by name only.
 * @throws {CommandFailed}
 */
export async function findInLineage(client: Client, wanted: string, source?: string): Promise<Found> {
  if (ID.test(Buffer.from(wanted, 'base64url').toString('utf8'))) return { id: wanted, name: wanted, sourceName: null };
  const asset = await findAsset(client, wanted, source);
  const { name } = asset.__typename === 'Dataset' ? asset.source : asset.dataset.source;
  return { id: asset.id, name: asset.urn, sourceName: name };
}
