import type { ReadScript } from './read-script.js';
import type { Totals } from './totals.js';
import type { Writer } from './writer.js';

/** One document: files → statements with places, edges and reasons; totals at the end. It is written as it comes. */
export class AsJson implements Writer {
  private begun = false;

  script(read: ReadScript): void {
    process.stdout.write(this.begun ? ',\n' : '{\n  "files": [\n');
    this.begun = true;
    process.stdout.write(indented(fileShown(read), '    '));
  }

  end(totals: Totals): void {
    const files = this.begun ? '\n  ],' : '{\n  "files": [],';
    process.stdout.write(`${files}\n  "totals": ${indented(totals, '  ').trimStart()}\n}\n`);
  }
}

const indented = (value: unknown, by: string): string => JSON.stringify(value, null, 2).replace(/^/gm, by);

function fileShown({ path, dialect, encoding, remark, places, lineage }: ReadScript): object {
  return {
    path,
    dialect,
    encoding,
    ...(remark !== undefined && { remark }),
    statements: lineage.statements.map(({ index, start, end, line: _, reasons, ...statement }) => ({
      index,
      place: { start, end, ...places.of(start), endLine: places.of(end).line },
      ...statement,
      reasons: reasons.map(({ code, message, start: from, end: to }) => ({
        code,
        message,
        place: { start: from, end: to, ...places.of(from) },
      })),
    })),
    totals: lineage.totals,
  };
}
