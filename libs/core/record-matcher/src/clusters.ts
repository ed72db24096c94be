/** Rows that are the same thing. */
export interface Cluster<Row> {
  readonly key: string;
  readonly rows: readonly Row[];
}

/**
 * Groups rows that come in the order of their keys. `push` gives the clusters that are complete; the last one is
 * held back, since the next portion may go on with it.
 *
 * @example
 * const clusters = new Clustering(({ key }: Row) => key);
 * for await (const portion of portions) await keep(clusters.push(portion));
 * await keep(clusters.end());
 */
export class Clustering<Row> {
  private open: { key: string; rows: Row[] } | undefined;

  constructor(private readonly keyOf: (row: Row) => string) {}

  /** @throws when a key comes back after another one: the rows are not in order. */
  push(rows: readonly Row[]): Cluster<Row>[] {
    const complete: Cluster<Row>[] = [];
    for (const row of rows) {
      const key = this.keyOf(row);
      if (this.open?.key === key) {
        this.open.rows.push(row);
        continue;
      }
      if (this.open) {
        if (key < this.open.key) throw new Error('Rows to be clustered must come in the order of their keys.');
        complete.push(this.open);
      }
      this.open = { key, rows: [row] };
    }
    return complete;
  }

  end(): Cluster<Row>[] {
    const rest = this.open ? [this.open] : [];
    this.open = undefined;
    return rest;
  }
}
