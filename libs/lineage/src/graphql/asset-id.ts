import { localIdOf } from '#platform/graphql';

import { type Asset } from '../graph/question.js';

const KINDS = { Field: 'field', Dataset: 'dataset', LineageNode: 'node' } as const;

/** A global id that may be a field's, a dataset's or a lineage node's. @throws {InvalidInput} */
export function assetId(id: string, ...path: readonly string[]): Asset {
  const { type, id: local } = localIdOf(['Field', 'Dataset', 'LineageNode'], id, ...path);
  return { kind: KINDS[type], id: local };
}

/** A global id of something that the dictionary has. @throws {InvalidInput} */
export function knownId(id: string, ...path: readonly string[]): { kind: 'field' | 'dataset'; id: string } {
  const { type, id: local } = localIdOf(['Field', 'Dataset'], id, ...path);
  return { kind: KINDS[type], id: local };
}
