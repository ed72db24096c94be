import { type CaseTable, type QualityCase } from '../case.js';
import { NotMapped } from './mapped.js';
import { type Tool, toolOf } from './tools.js';

/** Reads a case's parameters, and knows which were read: one that nobody read is not mapped. */
export class Params {
  readonly tool: Tool;
  private readonly left: Set<string>;
  private readonly spent = new Set<string>();

  constructor(readonly given: QualityCase) {
    this.tool = toolOf(given.suite);
    this.left = new Set(Object.keys(given.params));
  }

  has(name: string): boolean {
    return this.given.params[name] !== undefined;
  }

  take<T>(name: string): T | undefined {
    this.left.delete(name);
    const value = this.spent.has(name) ? undefined : this.given.params[name];
    return value === undefined ? undefined : (value as T);
  }

  /** Takes a parameter for good: whoever asks again is told that there is none. */
  spend<T>(name: string): T | undefined {
    const value = this.take<T>(name);
    this.spent.add(name);
    return value;
  }

  /** The name of a column, as the case's table has it. */
  column(name: string): string | undefined {
    const said = this.take<string>(name);
    return said === undefined ? undefined : columnIn(this.given.table, said, this.tool);
  }

  columns(name: string): string[] | undefined {
    return this.take<string[]>(name)?.map((said) => columnIn(this.given.table, said, this.tool));
  }

  /** Remarks and settings of the other tool that do not change what the rule means. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.left.delete(name);
  }

  done(): void {
    if (this.left.size > 0) throw new NotMapped(`not mapped: ${[...this.left].join(', ')}`);
  }
}

/** A column as a tool names it: in its quotes or without regard to case where its SQL has none. */
export function columnIn({ columns }: CaseTable, said: string, { anyCase }: Tool): string {
  const names = columns.map(({ name }) => name);
  const bare = names.includes(said) ? said : said.replace(/^(["`])(.*)\1$/s, '$2');
  if (names.includes(bare) || !anyCase) return bare;
  const alike = names.filter((name) => name.toLowerCase() === bare.toLowerCase());
  return alike.length === 1 ? alike[0]! : bare;
}
