import { InvalidInput } from '#kernel';
import { localId } from '#platform/graphql';

/** A global id that may be a field's or a dataset's. @throws {InvalidInput} */
export function assetId(id: string, ...path: readonly string[]): { kind: 'dataset' | 'field'; id: string } {
  try {
    return { kind: 'field', id: localId('Field', id, ...path) };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { kind: 'dataset', id: localId('Dataset', id, ...path) };
  }
}
