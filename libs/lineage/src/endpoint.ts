import { digestOf } from './digest.js';

/**
 * What an edge touches. `column`: the dataset is known, but no column of it has that name (`*`: some of its columns).
 * `unknown`: no harvested source has the dataset; it is kept by its name until one does. `job`: a job of a producer of
 * OpenLineage events, where no more is known than what goes into it and what comes out.
 */
export type Endpoint =
  | { readonly kind: 'field'; readonly datasetId: string; readonly fieldId: string }
  | { readonly kind: 'dataset'; readonly datasetId: string }
  | { readonly kind: 'column'; readonly datasetId: string; readonly column: string }
  | { readonly kind: 'unknown'; readonly namespace: string; readonly dataset: string; readonly column?: string }
  | { readonly kind: 'job'; readonly namespace: string; readonly name: string };

/** One text for one endpoint: `lineage.node.key`. */
export function keyOf(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case 'field':
      return `field ${endpoint.fieldId}`;
    case 'dataset':
      return `dataset ${endpoint.datasetId}`;
    case 'column':
      return `column ${digestOf([endpoint.datasetId, endpoint.column])}`;
    case 'unknown':
      return `unknown ${digestOf([endpoint.namespace, endpoint.dataset, endpoint.column ?? null])}`;
    case 'job':
      return `job ${digestOf([endpoint.namespace, endpoint.name])}`;
    default:
      return endpoint satisfies never;
  }
}

/** The dataset that a column belongs to; a dataset is its own. */
export function wholeOf(endpoint: Endpoint): Endpoint {
  if (endpoint.kind === 'job') return endpoint;
  if (endpoint.kind === 'unknown') return { kind: 'unknown', namespace: endpoint.namespace, dataset: endpoint.dataset };
  return { kind: 'dataset', datasetId: endpoint.datasetId };
}

export const isColumn = (endpoint: Endpoint): boolean =>
  endpoint.kind === 'field' ||
  endpoint.kind === 'column' ||
  (endpoint.kind === 'unknown' && endpoint.column !== undefined);

/** Whether the catalog does not know it. */
export const isUnresolved = ({ kind }: Endpoint): boolean => kind === 'unknown' || kind === 'column';
