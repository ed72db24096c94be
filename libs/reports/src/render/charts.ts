import { type Status } from '#core/rule-engine';

import { type Counts, STATUSES, totalOf } from '../quality-report.facts.js';
import { type Html, markup } from './markup.js';
import { type Texts } from './texts.js';

/** The same in print without colours: the table beside it has the numbers. */
export const COLOURS: Readonly<Record<Status, string>> = {
  pass: '#3f8f4f',
  warn: '#d9a400',
  fail: '#c0392b',
  error: '#5b5b66',
  not_evaluated: '#b4b8c0',
  skipped: '#dfe2e8',
};

export const CHART_WIDTH = 900;
export const CHART_HEIGHT = 180;
const FLOOR = 150;

const svg = (label: string, parts: readonly Html[]): Html =>
  markup`<svg viewBox="0 0 ${CHART_WIDTH} ${CHART_HEIGHT}" width="${CHART_WIDTH}" height="${CHART_HEIGHT}" role="img" aria-label="${label}" xmlns="http://www.w3.org/2000/svg" font-family="Sans">
<line x1="0" y1="${FLOOR}" x2="${CHART_WIDTH}" y2="${FLOOR}" stroke="#999999" />${parts}</svg>`;

const ticks = (names: readonly string[], step: number): readonly Html[] => {
  const everyNth = Math.ceil(names.length / 12);
  return names.flatMap((name, at) =>
    at % everyNth === 0
      ? [
          markup`<text x="${round(at * step + 2)}" y="${FLOOR + 16}" font-size="11" fill="#555555">${name.slice(name.length > 7 ? 5 : 0)}</text>`,
        ]
      : [],
  );
};

/** A bar for each day or month, stacked by status. */
export function bars(names: readonly string[], counts: Readonly<Record<string, Counts>>, texts: Texts): Html {
  const most = Math.max(1, ...names.map((name) => totalOf(counts[name] ?? {})));
  const step = CHART_WIDTH / Math.max(1, names.length);
  return svg(texts.trendNote, [
    ...names.flatMap((name, at) => bar(counts[name] ?? {}, at * step, step, most, name, texts)),
    ...ticks(names, step),
  ]);
}

function bar(counts: Counts, x: number, step: number, most: number, name: string, texts: Texts): readonly Html[] {
  let top = FLOOR;
  return STATUSES.flatMap((status) => {
    const count = counts[status] ?? 0;
    if (count === 0) return [];
    const height = (count / most) * (FLOOR - 10);
    top -= height;
    return [
      markup`<rect x="${round(x + step * 0.1)}" y="${round(top)}" width="${round(step * 0.8)}" height="${round(height)}" fill="${COLOURS[status]}"><title>${name} ${texts.statuses[status]}: ${count}</title></rect>`,
    ];
  });
}

/** Shares from 0 to 1 as a line; a moment without one is a gap. */
export function line(points: readonly { readonly name: string; readonly share: number | null }[], label: string): Html {
  const step = CHART_WIDTH / Math.max(1, points.length);
  const at = (share: number) => FLOOR - share * (FLOOR - 10);
  const parts: Html[] = [0.5, 1].map(
    (share) => markup`<line x1="0" y1="${at(share)}" x2="${CHART_WIDTH}" y2="${at(share)}" stroke="#e3e6ec" />`,
  );
  let path = '';
  for (const [index, { share }] of points.entries()) {
    if (share === null) continue;
    const before = points[index - 1]?.share ?? null;
    path += `${before === null ? 'M' : 'L'} ${round((index + 0.5) * step)} ${round(at(share))} `;
    parts.push(markup`<circle cx="${round((index + 0.5) * step)}" cy="${round(at(share))}" r="3" fill="#1f5fa8" />`);
  }
  if (path !== '') parts.push(markup`<path d="${path.trim()}" fill="none" stroke="#1f5fa8" stroke-width="2" />`);
  const marks = ticks(
    points.map(({ name }) => name),
    step,
  );
  return svg(label, [...parts, ...marks]);
}

const round = (length: number): number => Math.round(length * 100) / 100;
