import { styleText } from 'node:util';

import { moment, plain, writeLine } from '../../client/output.js';
import { type CodeChange, type CodePlan } from './code-plan.js';

const SIGNS = { CREATE: '+', CHANGE: '~', REPLACE: '±', RETIRE: '-', UNCHANGED: ' ', KEPT: ' ' } as const;
const COLOURS = {
  CREATE: 'green',
  CHANGE: 'yellow',
  REPLACE: 'yellow',
  RETIRE: 'red',
  UNCHANGED: 'dim',
  KEPT: 'dim',
} as const;
const WORDS = {
  ...{ CREATE: 'create', CHANGE: 'change', REPLACE: 'replace (another dataset)', RETIRE: 'retire' },
  ...{ UNCHANGED: 'unchanged', KEPT: 'not in the files; stays (--prune retires it)' },
} as const;

/** Whether applying would do anything to rules or rule sets. */
export const hasChanges = ({ changes }: CodePlan): boolean =>
  changes.some(({ what }) => what !== 'UNCHANGED' && what !== 'KEPT');

/** The plan as a migration tool shows one: what is different, property by property, and a line of numbers. Colours only on a terminal. */
export function showPlan(plan: CodePlan): void {
  for (const change of plan.changes) showChange(change);
  const countOf = (name: string) => plan.counts.find(({ what }) => what === name)?.count ?? 0;
  const parts = [
    `${countOf('CREATE')} to create`,
    `${countOf('CHANGE')} to change`,
    ...(countOf('REPLACE') > 0 ? [`${countOf('REPLACE')} to replace`] : []),
    `${countOf('RETIRE')} to retire`,
    `${countOf('UNCHANGED')} unchanged`,
    ...(countOf('KEPT') > 0 ? [`${countOf('KEPT')} kept`] : []),
  ];
  const drifted = plan.changes.filter(({ drift }) => drift).length;
  writeLine(
    `${hasChanges(plan) ? '' : 'Nothing to do. '}${plain(plan.origin)}: ${parts.join(', ')}${drifted > 0 ? `; ${drifted} changed by hand since (--force undoes it)` : ''}.`,
  );
}

function showChange({ thing, key, what, name, on, differences, drift, takenOver }: CodeChange): void {
  const head = `${SIGNS[what]} ${thing === 'rule' ? 'rule' : 'rule set'} ${plain(key)}`;
  const about = [plain(name), ...(on === null ? [] : [plain(on)])].join(', on ');
  writeLine(`${coloured(COLOURS[what], head)}  ${WORDS[what]}: ${about}`);
  if (takenOver) writeLine('    made by hand until now; the files take it over');
  if (drift) writeLine(coloured('magenta', `    ${drift.what} by hand: ${plain(drift.by)}, ${moment(drift.at)}`));
  for (const { path, before, after } of differences)
    writeLine(`    ${plain(path)}: ${coloured('red', shown(before))} → ${coloured('green', shown(after))}`);
}

const LONGEST_SHOWN = 500;

function shown(value: unknown): string {
  const text = plain(typeof value === 'string' ? JSON.stringify(value) : value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** Node leaves colours out where the output is no terminal, or NO_COLOR is set. */
const coloured = (style: Parameters<typeof styleText>[0], text: string): string =>
  styleText(style, text, { stream: process.stdout });
