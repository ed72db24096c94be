import { type Status } from '#core/rule-engine';

import { type Counts, STATUSES, totalOf } from '../quality-report.facts.js';
import { type Html, markup } from './markup.js';
import { type Texts } from './texts.js';

/** The same in print without colours: the table beside it has the numbers. */
const COLOURS: Readonly<Record<Status, string>> = {
  pass: '#3f8f4f',
  warn: '#d9a400',
  fail: '#c0392b',
  error: '#5b5b66',
  not_evaluated: '#b4b8c0',
  skipped: '#dfe2e8',
};

const WIDTH = 900;
const HEIGHT = 180;
const FLOOR = 150;

/** A bar for each day, stacked by status. */
export function trend(days: readonly string[], counts: Readonly<Record<string, Counts>>, texts: Texts): Html {
  const most = Math.max(1, ...days.map((day) => totalOf(counts[day] ?? {})));
  const step = WIDTH / Math.max(1, days.length);
  const everyNth = Math.ceil(days.length / 12);
  return markup`<svg
      viewBox="0 0 ${WIDTH} ${HEIGHT}"
      role="img"
      aria-label="${texts.trendNote}"
      xmlns="http://www.w3.org/2000/svg"
    >
      <line x1="0" y1="${FLOOR}" x2="${WIDTH}" y2="${FLOOR}" stroke="#999" />
      ${days.map((day, at) => bar(counts[day] ?? {}, at * step, step, most, day, texts))}
      ${days.flatMap((day, at) =>
        at % everyNth === 0
          ? [
              markup`<text x="${round(at * step + 2)}" y="${FLOOR + 16}" font-size="11" fill="#555">${day.slice(5)}</text>`,
            ]
          : [],
      )}
    </svg>
    <p class="legend">
      ${STATUSES.map(
        (status) =>
          markup`<span><svg viewBox="0 0 10 10" width="10" height="10"><rect width="10" height="10" fill="${COLOURS[status]}" /></svg>
            ${texts.statuses[status]}</span> `,
      )}
    </p>`;
}

function bar(counts: Counts, x: number, step: number, most: number, day: string, texts: Texts): readonly Html[] {
  let top = FLOOR;
  return STATUSES.flatMap((status) => {
    const count = counts[status] ?? 0;
    if (count === 0) return [];
    const height = (count / most) * (FLOOR - 10);
    top -= height;
    return [
      markup`<rect
        x="${round(x + step * 0.1)}"
        y="${round(top)}"
        width="${round(step * 0.8)}"
        height="${round(height)}"
        fill="${COLOURS[status]}"
        ><title>${day} ${texts.statuses[status]}: ${count}</title></rect
      >`,
    ];
  });
}

const round = (length: number): number => Math.round(length * 100) / 100;
