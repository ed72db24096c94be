import { type Command } from 'commander';

import { type Asking, asking } from '../../client/command.js';
import { findSource } from '../../client/find-source.js';
import { remark, writeFacts } from '../../client/output.js';

interface Share {
  readonly total: number;
  readonly withLineage: number;
}

export interface Coverage {
  readonly views: Share;
  readonly routines: Share;
  readonly tables: Share;
  readonly columns: Share;
  readonly unread: number;
  readonly notUnderstoodCount: number;
  readonly statements: readonly { readonly origin: string; readonly status: string; readonly count: number }[];
}

/** `plumbline lineage coverage`: how much of a source's lineage is known. */
export function addCoverage(lineage: Command): void {
  asking(
    lineage
      .command('coverage <source>')
      .description(
        'how many views, procedures, tables and columns of a source have lineage, and what was not understood',
      ),
    async ({ client, json }: Asking, name: string) => {
      const source = await findSource(client, name);
      const share = '{ total withLineage }';
      const { lineageCoverage } = await client.ask<{ lineageCoverage: Coverage }>(
        `query ($id: ID!) { lineageCoverage(sourceId: $id) {
           views ${share} routines ${share} tables ${share} columns ${share} unread notUnderstoodCount statements { origin status count } } }`,
        { id: source.id },
      );
      writeFacts({ json }, lineageCoverage, coverageFacts(lineageCoverage));
      if (json) return;
      if (lineageCoverage.unread > 0) remark(`${lineageCoverage.unread} scripts have not been read yet.`);
      if (lineageCoverage.notUnderstoodCount > 0)
        remark(`See what was not understood with: plumbline lineage not-understood ${JSON.stringify(source.name)}`);
    },
  );
}

/** Shares and counts in words. */
export function coverageFacts({ statements, ...coverage }: Coverage): Record<string, string | number> {
  const origins = Map.groupBy(statements, ({ origin }) => origin);
  return {
    Views: shareShown(coverage.views),
    'Routines that move data': shareShown(coverage.routines),
    'Tables that anything feeds': shareShown(coverage.tables),
    'Columns with an origin': shareShown(coverage.columns),
    ...Object.fromEntries(
      [...origins].map(([origin, counts]) => [
        `Statements: ${words(origin)}`,
        counts.map(({ status, count }) => `${count} ${words(status)}`).join(', '),
      ]),
    ),
    'Not understood': coverage.notUnderstoodCount,
  };
}

const words = (code: string) => code.toLowerCase().replace('_', ' ');

const shareShown = ({ total, withLineage }: Share): string =>
  total === 0 ? 'none' : `${withLineage} of ${total} (${Math.floor((withLineage / total) * 100)} %)`;
