import { type DatasetFacts } from '../facts.js';
import { type BoundScope } from '../scope.js';
import { SQL_DIALECTS } from '../sql/dialects/index.js';
import { render } from '../sql/render.js';
import { cheaperForm, COSTS, costOf, type Form, loadOf } from './cost-model.js';
import { explainedScan } from './explain.js';
import { scanLaneOf } from './lanes.js';
import { type PlannedWork, type PlanOptions } from './plan-rules.js';
import { countsApart, onlyCounts, scanOf, type ScanPart } from './scan.js';

// Far below what engines allow (PostgreSQL: 1,664 columns and 65,535 parameters), and still one statement for most tables.
const MOST_VALUES = 300;
const MOST_PARAMETERS = 5_000;

/** Questions that one scan of a dataset can answer. */
export interface ScanGroup {
  readonly target: DatasetFacts;
  readonly scope: BoundScope;
  readonly budgetMs: number | undefined;
  readonly parts: readonly ScanPart[];
}

/** The statements for questions on one dataset: one scan for all of them, or counts apart, whichever costs less. */
export function planScans(group: ScanGroup, options: PlanOptions): PlannedWork[] {
  const form = formOf(group, options);
  // Patterns last: where a statement has to be halved, what costs little is not held up by what costs much.
  const parts = [...group.parts].sort((a, b) => weight(a) - weight(b));
  if (form === 'together') return statementsFor(group, parts, form, options);
  const counts = parts.filter(({ what }) => onlyCounts(what));
  const others = parts.filter(({ what }) => !onlyCounts(what));
  return [
    ...(counts.length === 0 ? [] : statementsFor(group, counts, form, options)),
    ...others.flatMap((part) => statementsFor(group, [part], 'together', options)),
  ];
}

const weight = ({ what }: ScanPart): number => ['count', 'scan', 'unique', 'regex'].indexOf(scanLaneOf(what));

const lanesOf = (parts: readonly ScanPart[]) => loadOf(parts.map(({ what }) => scanLaneOf(what)));

function formOf({ parts, scope }: ScanGroup, { fuse = 'auto', costs, dialect }: PlanOptions): Form {
  // Queries of their own would each draw a sample of their own.
  if (scope.sample !== undefined) return 'together';
  if (fuse !== 'auto') return fuse === 'always' ? 'together' : 'apart';
  return cheaperForm(costs ?? COSTS[dialect], lanesOf(parts));
}

function statementsFor(group: ScanGroup, parts: readonly ScanPart[], form: Form, options: PlanOptions): PlannedWork[] {
  const { target, scope, budgetMs } = group;
  const scanned = { relation: target.relation, scope };
  const { select, slots } =
    form === 'together'
      ? scanOf(scanned, parts, SQL_DIALECTS[options.dialect].countsColumns)
      : countsApart(scanned, parts);
  const rendered = render(select, SQL_DIALECTS[options.dialect]);
  const halves = () => {
    const middle = Math.ceil(parts.length / 2);
    return [parts.slice(0, middle), parts.slice(middle)].flatMap((half) => statementsFor(group, half, form, options));
  };
  const values = select.from.is === 'union' ? select.from.selects.length : select.items.length;
  if ((values > MOST_VALUES || rendered.params.length > MOST_PARAMETERS) && parts.length > 1) return halves();
  const load = lanesOf(parts);
  const costs = options.costs ?? COSTS[options.dialect];
  const [cost, otherwise] = [costOf(costs, load, form), costOf(costs, load, form === 'apart' ? 'together' : 'apart')];
  return [
    {
      statement: { purpose: 'measure', on: 'target', ...rendered, maxRows: form === 'apart' ? values : 1 },
      answers: slots.map(({ part, columns }) => ({ rule: part.rule, ask: part.ask, columns })),
      ...(parts.length > 1 ? { halves } : {}),
      ...(form === 'apart' ? { counts: true as const } : {}),
      scan: { form, load },
      ...(budgetMs === undefined ? {} : { budgetMs }),
      explanation: explainedScan({ form, load, cost, otherwise, rows: target.rowEstimate }),
    },
  ];
}
