import { Injectable } from '@nestjs/common';
import { byKey, groupedBy, perRequest } from '#platform/graphql';

import { GraphStore } from '../graph.store.js';
import { LineageCoverage } from '../lineage-coverage.js';
import { LineageScripts } from '../scripts.js';

/** Batched look-ups for one operation. */
@Injectable()
export class LineageLoader {
  constructor(
    private readonly scripts: LineageScripts,
    private readonly coverages: LineageCoverage,
    private readonly store: GraphStore,
  ) {}

  readonly script = perRequest(async (ids) => byKey(await this.scripts.ofIds(ids), ({ id }) => id));
  readonly statements = perRequest(async (ids) =>
    groupedBy(ids, await this.scripts.statements(ids), ({ scriptId }) => scriptId),
  );
  readonly place = perRequest((keys) => this.store.statementPlaces(keys));
  readonly coverage = perRequest((ids) => this.coverages.ofDatasets(ids));
}
