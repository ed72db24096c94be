/** What was used lately, by key; what was not used for longest is forgotten first. */
export class Recent<V> {
  private readonly kept = new Map<string, V>();

  constructor(private readonly most: number) {}

  get(key: string): V | undefined {
    const found = this.kept.get(key);
    if (found !== undefined) {
      this.kept.delete(key);
      this.kept.set(key, found);
    }
    return found;
  }

  /** Those that are known, and the keys of the others. */
  ofAll(keys: readonly string[]): [Map<string, V>, string[]] {
    const found = new Map<string, V>();
    const unknown: string[] = [];
    for (const key of keys) {
      const value = this.get(key);
      if (value === undefined) unknown.push(key);
      else found.set(key, value);
    }
    return [found, unknown];
  }

  set(key: string, value: V): void {
    this.kept.delete(key);
    this.kept.set(key, value);
    if (this.kept.size <= this.most) return;
    for (const oldest of this.kept.keys()) {
      this.kept.delete(oldest);
      break;
    }
  }

  clear(): void {
    this.kept.clear();
  }
}
