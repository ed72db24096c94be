import { type SqlDialect, writtenName } from '#core/sql-lineage';

const CLOSING: Readonly<Record<string, string>> = { '"': '"', '`': '`', '[': ']' };

/** The parts of a name as the database holds them: `"Dwd".客户` → `['Dwd', '客户']`. A parameter such as `${db}` is part of a name. */
export function partsOf(written: string, dialect: SqlDialect): string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  for (let at = 0; at < written.length; at++) {
    const sign = written[at]!;
    const closing = CLOSING[sign];
    if (closing !== undefined && part === '' && written.indexOf(closing, at + 1) > 0) {
      quoted = true;
      for (at++; at < written.length; at++) {
        if (written[at] !== closing) part += written[at]!;
        else if (written[at + 1] === closing) part += written[at++]!;
        else break;
      }
    } else if (sign === '$' && written[at + 1] === '{') {
      const end = written.indexOf('}', at);
      part += written.slice(at, end < 0 ? undefined : end + 1);
      at = end < 0 ? written.length : end;
      quoted ||= part.length === written.length;
    } else if (sign === '.') {
      parts.push(writtenName(dialect, part.trim(), quoted));
      [part, quoted] = ['', false];
    } else part += sign;
  }
  parts.push(writtenName(dialect, part.trim(), quoted));
  return parts.filter((each) => each !== '');
}

/** One name as the database holds it. */
export const nameIn = (written: string, dialect: SqlDialect): string => {
  const [first, ...more] = partsOf(written, dialect);
  // A dot in a column's name: a field of a struct, or simply a name with a dot.
  return first === undefined ? written.trim() : [first, ...more].join('.');
};
