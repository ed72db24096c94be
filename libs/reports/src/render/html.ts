import {
  type Block,
  type Cell,
  MOST_PRINTED,
  type ReportDocument,
  type Section,
  type Table,
} from '../document/document.js';
import { STATUSES } from '../quality-report.facts.js';
import { type Language } from '../report.js';
import { bars, COLOURS, line } from './charts.js';
import { Html, markup } from './markup.js';
import { type Texts, textsIn } from './texts.js';

const STYLE = `
  :root { color-scheme: light; }
  body { font: 14px/1.5 "Noto Sans SC", "Microsoft YaHei", "PingFang SC", system-ui, sans-serif; color: #1d2129;
         margin: 2rem auto; max-width: 1200px; padding: 0 1rem; }
  h1 { font-size: 1.6rem; margin: 0 0 .5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: .8rem 0 .2rem; }
  table { border-collapse: collapse; width: 100%; table-layout: fixed; margin: .5rem 0; } th, td { border: 1px solid #ccd0d8;
         padding: .3rem .5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
  th { background: #f2f4f7; } td.number { text-align: right; font-variant-numeric: tabular-nums; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; } dt { color: #5a6270; } dd { margin: 0; overflow-wrap: anywhere; }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f7f8fa; padding: .5rem; margin: .3rem 0; font-size: 12px; }
  .note, .legend { color: #5a6270; } .legend span { margin-right: 1rem; } .notice { border: 1px solid #d9a400; padding: .7rem; }
  .fail { color: #a52a1e; font-weight: 600; } svg { max-width: 100%; height: auto; } .legend svg { width: 10px; height: 10px; }
  @page { size: A4 landscape; margin: 16mm 12mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9px; color: #5a6270; } }
  @media print { body { margin: 0; max-width: none; padding: 0; font-size: 10px; } h2, h3 { break-after: avoid; } tr { break-inside: avoid; }
         thead { display: table-header-group; } th, td { padding: .15rem .3rem; } svg, dl { break-inside: avoid; } }
`;

/** The report as one page that needs nothing else: to read, to print, to keep. */
export function htmlOf(document: ReportDocument, language: Language): string {
  const texts = textsIn(language);
  return markup`<!doctype html>
<html lang="${document.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${document.title} · ${document.about}</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<h1>${document.title}</h1>
${document.head.map((block) => blockOf(block, texts, ''))}
${document.sections.map((section) => sectionOf(section, texts))}
</body>
</html>
`.text;
}

const sectionOf = ({ heading, blocks }: Section, texts: Texts): Html =>
  markup`<section><h2>${heading}</h2>
${blocks.map((block) => blockOf(block, texts, heading))}</section>
`;

function blockOf(block: Block, texts: Texts, heading: string): Html {
  if ('text' in block) return markup`<p class="${block.tone ?? 'text'}">${block.text}</p>`;
  if ('facts' in block)
    return markup`<dl>${block.facts.map(([name, cell]) => markup`<dt>${name}</dt><dd${figureOf(cell)}>${cell.text}</dd>\n`)}</dl>`;
  if ('days' in block)
    return markup`${bars(block.days.names, block.days.counts, texts)}<p class="legend">${STATUSES.map(
      (status) =>
        markup`<span><svg viewBox="0 0 10 10" width="10" height="10"><rect width="10" height="10" fill="${COLOURS[status]}" /></svg> ${texts.statuses[status]}</span> `,
    )}</p>`;
  if ('line' in block) return line(block.line, heading);
  if ('code' in block) return markup`<h3>${block.title}</h3><pre>${block.code}</pre>`;
  return tableOf(block.table);
}

function tableOf({ columns, rows, leftOut }: Table): Html {
  const all = columns.reduce((sum, { width }) => sum + width, 0);
  const shown = leftOut === undefined ? rows : rows.slice(0, MOST_PRINTED);
  const missing = rows.length - shown.length;
  return markup`<table>
<colgroup>${columns.map(({ width }) => markup`<col style="width: ${((width / all) * 100).toFixed(2)}%">`)}</colgroup>
<thead><tr>${columns.map(({ title }) => markup`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${shown.map((cells) => markup`<tr>${cells.map(cellOf)}</tr>\n`)}</tbody>
</table>${missing > 0 && leftOut ? markup`<p class="notice">${leftOut(missing)}</p>` : ''}`;
}

function cellOf(cell: Cell): Html {
  const kinds = [...(cell.as === 'count' || cell.as === 'share' ? ['number'] : []), ...(cell.tone ? [cell.tone] : [])];
  const kind = kinds.length > 0 ? markup` class="${kinds.join(' ')}"` : '';
  return markup`<td${kind}${figureOf(cell)}>${cell.text}</td>`;
}

/** The number can be found again: `data-figure` names it. */
const figureOf = ({ figure }: Cell): Html | '' => (figure === undefined ? '' : markup` data-figure="${figure}"`);
