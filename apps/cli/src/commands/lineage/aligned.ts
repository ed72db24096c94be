import { plain } from '../../client/output.js';

// Chinese, Japanese, Korean and full-width signs, and emoji, take two places on a terminal.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/gu;
const NO_PLACE = /\p{Mn}/gu;

const widthOf = (text: string): number =>
  [...text].length + (text.match(WIDE)?.length ?? 0) - (text.match(NO_PLACE)?.length ?? 0);

/** Rows as lines whose cells stand under each other. A cell wider than `widest` is shown whole, but moves only its own row. */
export function aligned(rows: readonly (readonly string[])[], widest = Infinity): string[] {
  const shown = rows.map((row) => row.map((cell) => (cell === '' ? '' : plain(cell))));
  const widths: number[] = [];
  for (const row of shown)
    for (const [at, cell] of row.entries()) {
      const width = widthOf(cell);
      if (width <= widest) widths[at] = Math.max(widths[at] ?? 0, width);
    }
  return shown.map((row) =>
    row
      .map((cell, at) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd(),
  );
}
