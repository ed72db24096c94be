import { type EdgeKind } from '#core/lineage-graph';
import { type Confidence, type EdgeSubtype } from '#core/sql-lineage';

import { digestOf } from './digest.js';
import { type Endpoint, keyOf } from './endpoint.js';

export { type EdgeKind, KIND } from '#core/lineage-graph';

/** An edge as a script says it, before it is compared with the edges that are known. */
export interface PlannedEdge {
  /** Absent for a generated column. */
  readonly from?: Endpoint;
  readonly to: Endpoint;
  readonly kind: EdgeKind;
  readonly subtype?: EdgeSubtype;
  readonly confidence?: Confidence;
  /** Digest of the statement's text. */
  readonly statement?: string;
  readonly expression?: string;
  /** Whether the value is hidden on the way; absent when nobody can tell. */
  readonly masking?: boolean;
  /** Who says so, of a manual edge. */
  readonly author?: string;
}

/** Two edges of a script with the same digest are one. */
export const edgeDigest = (edge: PlannedEdge): string =>
  digestOf([
    edge.from ? keyOf(edge.from) : null,
    keyOf(edge.to),
    edge.kind,
    edge.subtype ?? null,
    edge.confidence ?? null,
    edge.statement ?? null,
    edge.expression ?? null,
    // Absent, it does not count: edges that were read before anybody asked for it stay as they are.
    ...(edge.masking === undefined ? [] : [edge.masking]),
  ]);
