import { type Command, Option } from 'commander';

import { type Asking, asking } from '../../client/command.js';
import { plain, remark, writeJson, writeLine } from '../../client/output.js';
import { aligned } from './aligned.js';
import {
  FILTER_ARGS,
  FILTER_PARAMS,
  filterOf,
  type FilterOptions,
  TIME_ARGS,
  TIME_PARAMS,
  type TimeOptions,
  timesOf,
  withFilter,
  withTimes,
} from './filter.js';
import { findInLineage } from './find.js';
import { TIMES, type Times } from './graph.js';
import { timesShown } from './when.js';

export interface ImpactedDataset {
  readonly namespace: string;
  readonly qualifiedName: string;
  readonly sourceName: string | null;
  readonly owner: string;
  readonly domain: string;
  readonly distance: number;
  readonly isJob: boolean;
  /** Only that something flows there is known, not into which columns. */
  readonly coarse: boolean;
  /** All its rows are decided about. */
  readonly rows: boolean;
  readonly columns: readonly { readonly name: string; readonly direct: boolean }[];
}

export interface ImpactGroup {
  /** Empty where nobody has said it. */
  readonly name: string;
  readonly columns: number;
  readonly datasets: readonly ImpactedDataset[];
}

/** Something that shows data to people. */
export interface ImpactedReport {
  readonly name: string;
  readonly label: string | null;
  readonly kind: string;
  readonly owner: string | null;
  readonly url: string | null;
}

/** A quality rule that will see it. */
export interface ImpactedRule {
  readonly nameEn: string;
  readonly nameZh: string;
  readonly kind: string;
  readonly severity: string;
  readonly datasetName: string;
  readonly fields: readonly { readonly name: string }[];
}

export interface Impact extends Times {
  readonly columns: number;
  readonly truncated: boolean;
  readonly datasets: readonly ImpactedDataset[];
  readonly byOwner: readonly ImpactGroup[];
  readonly byDomain: readonly ImpactGroup[];
  readonly reports: readonly ImpactedReport[];
  readonly rules: readonly ImpactedRule[];
}

/** How impact can be grouped. */
const GROUPINGS = { owner: 'byOwner', domain: 'byDomain' } as const;
type By = keyof typeof GROUPINGS | 'dataset' | 'report' | 'rule';

interface Options extends FilterOptions, TimeOptions {
  readonly by: By;
}

const DATASET = 'namespace qualifiedName sourceName owner domain distance isJob coarse rows columns { name direct }';
const GROUP = `{ name columns datasets { ${DATASET} } }`;

/** `plumbline lineage impact`: everything that depends on something. */
export function addImpact(lineage: Command): void {
  const command = lineage.command('impact <asset>').description('everything that depends on a column or dataset');
  asking(
    withTimes(withFilter(command)).addOption(
      new Option('--by <grouping>', 'how it is grouped')
        .choices([...Object.keys(GROUPINGS), 'dataset', 'report', 'rule'])
        .default('dataset'),
    ),
    async ({ client, json }: Asking, wanted: string, options: Options) => {
      const found = await findInLineage(client, wanted, options.source);
      const { impact } = await client.ask<{ impact: Impact }>(
        `query ($of: ID!, ${FILTER_PARAMS}, ${TIME_PARAMS}) { impact(of: $of, ${FILTER_ARGS}, ${TIME_ARGS}) {
           columns truncated ${TIMES} datasets { ${DATASET} } byOwner ${GROUP} byDomain ${GROUP}
           reports { name label kind owner url } rules { nameEn nameZh kind severity datasetName fields { name } } } }`,
        { of: found.id, ...filterOf(options), ...timesOf(options) },
      );
      if (json) return writeJson(impact);
      writeLine(plain(found.name) + (found.sourceName === null ? '' : `  (${plain(found.sourceName)})`));
      writeLine(timesShown(impact));
      for (const line of impactLines(impact, options.by)) writeLine(line);
      if (impact.truncated) remark('Cut: more depends on it. More with --depth.');
    },
  );
}

/** Impact in words: counts first, then dataset by dataset. */
export function impactLines(impact: Impact, by: By): string[] {
  const { datasets, columns, byOwner, byDomain, reports, rules } = impact;
  if (datasets.length + reports.length + rules.length === 0)
    return ['', 'Nothing that the catalog knows of depends on it.'];
  const counted = `${many(datasets.length, 'dataset')} with ${many(columns, 'column')}`;
  return [
    `${counted} ${datasets.length === 1 ? 'depends' : 'depend'} on it.`,
    ...aligned([
      ['  by owner', groupsShown(byOwner)],
      ['  by domain', groupsShown(byDomain)],
      ...(reports.length > 0 ? [['  reports', reports.map(reportName).join('; ')]] : []),
      ...(rules.length > 0 ? [['  rules', `${many(rules.length, 'rule')} will see it`]] : []),
    ]),
    '',
    ...listed(impact, by),
  ];
}

function listed(impact: Impact, by: By): string[] {
  const { datasets, reports, rules } = impact;
  switch (by) {
    case 'dataset':
      return aligned(datasets.map(datasetRow), WIDEST);
    case 'report':
      if (reports.length === 0) return ['No report is known to show it.'];
      return aligned(
        reports.map((report) => [reportName(report), report.kind, report.owner ?? '', report.url ?? '']),
        WIDEST,
      );
    case 'rule':
      if (rules.length === 0) return ['No quality rule in use looks at it.'];
      return aligned(rules.map(ruleRow), WIDEST);
    default:
      return impact[GROUPINGS[by]].flatMap((group, place) => [
        ...(place > 0 ? [''] : []),
        plain(`${nameOf(group)}: ${sizeOf(group)}`),
        ...aligned(group.datasets.map(datasetRow), WIDEST).map((line) => `  ${line}`),
      ]);
  }
}

const WIDEST = 48;

const many = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;
const nameOf = ({ name }: ImpactGroup) => (name === '' ? '(nobody has said)' : name);
const sizeOf = ({ datasets, columns }: ImpactGroup) =>
  `${many(datasets.length, 'dataset')}, ${many(columns, 'column')}`;
const groupsShown = (groups: readonly ImpactGroup[]) =>
  groups.map((group) => `${nameOf(group)} (${sizeOf(group)})`).join('; ');

/** Name, distance, what of it. Columns that are only decided about have another sign. */
function datasetRow({ qualifiedName, isJob, distance, rows, coarse, columns }: ImpactedDataset): string[] {
  const names = columns.map(({ name, direct }) => `${direct ? '→' : '⇢'} ${name}`);
  const what = [
    ...(rows ? ['⇢ (all rows)'] : []),
    ...(coarse && !isJob ? ['→ (columns not known)'] : []),
    // Where all rows are decided about, each column is: those that get the value are what remains to be said.
    ...(rows ? names.filter((name) => name.startsWith('→')) : names),
  ];
  return [isJob ? `job ${qualifiedName}` : qualifiedName, many(distance, 'step'), what.join(', ')];
}

const reportName = ({ label, name }: ImpactedReport) => label ?? name;

const ruleRow = ({ datasetName, fields, kind, severity, nameZh, nameEn }: ImpactedRule): string[] => [
  fields.length === 0 ? datasetName : `${datasetName}#${fields.map(({ name }) => name).join(', ')}`,
  kind,
  severity,
  [nameZh, nameEn].filter(Boolean).join(' / '),
];
