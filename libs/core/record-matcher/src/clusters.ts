/** What became of the rows that are the same thing. */
export interface Cluster<State> {
  readonly key: string;
  readonly state: State;
}

/**
 * Folds rows that come in the order of their keys into one state for each key, however many rows a key has. `push`
 * gives the clusters that are complete; the last one is held back, since the next portion may go on with it.
 *
 * @example
 * const clusters = new Clustering((row: Row) => row.key, () => ({ rows: 0 }), (state) => { state.rows++; });
 * for await (const portion of portions) await keep(clusters.push(portion));
 * await keep(clusters.end());
 */
export class Clustering<Row, State> {
  private open: Cluster<State> | undefined;

  constructor(
    private readonly keyOf: (row: Row) => string,
    private readonly begin: () => State,
    private readonly add: (state: State, row: Row) => void,
  ) {}

  /** @throws when a key is smaller than the one before: the rows are not in order. */
  push(rows: readonly Row[]): Cluster<State>[] {
    const complete: Cluster<State>[] = [];
    for (const row of rows) {
      const key = this.keyOf(row);
      if (this.open?.key !== key) {
        if (this.open) {
          if (key < this.open.key) throw new Error('Rows to be clustered must come in the order of their keys.');
          complete.push(this.open);
        }
        this.open = { key, state: this.begin() };
      }
      this.add(this.open.state, row);
    }
    return complete;
  }

  end(): Cluster<State>[] {
    const rest = this.open ? [this.open] : [];
    this.open = undefined;
    return rest;
  }
}
