/** What jobs that read scripts have done, together. */
export interface ImportTotals {
  readonly scripts: number;
  readonly read: number;
  readonly edgesAdded: number;
  readonly edgesClosed: number;
  readonly unresolvedEdges: number;
  /** Statements, or jobs of pipelines, by status. */
  readonly statements: Readonly<Record<string, number>>;
}

export const NO_TOTALS: ImportTotals = {
  ...{ scripts: 0, read: 0, edgesAdded: 0, edgesClosed: 0, unresolvedEdges: 0 },
  statements: {},
};

/** Both together; `result` is a job's. */
export function addTotals(totals: ImportTotals, result: object | null): ImportTotals {
  const more = { ...NO_TOTALS, ...result };
  const statuses = [...new Set([...Object.keys(totals.statements), ...Object.keys(more.statements)])];
  return {
    scripts: totals.scripts + more.scripts,
    read: totals.read + more.read,
    edgesAdded: totals.edgesAdded + more.edgesAdded,
    edgesClosed: totals.edgesClosed + more.edgesClosed,
    unresolvedEdges: totals.unresolvedEdges + more.unresolvedEdges,
    statements: Object.fromEntries(
      statuses.map((status) => [status, (totals.statements[status] ?? 0) + (more.statements[status] ?? 0)]),
    ),
  };
}
