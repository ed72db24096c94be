import { stringify } from 'csv-stringify/sync';

import { type ToldRun } from './told-result.js';

/**
 * A row for each rule. A byte order mark lets spreadsheets read Chinese; what they would take for a formula gets a quote before it.
 */
export function asCsv({ id = '', results }: ToldRun): string {
  const rows = results.map((one) => ({
    ...{ run: id, rule: one.ruleId ?? '', key: one.key ?? '', name: one.name, kind: one.kind },
    ...{ source: one.source ?? '', dataset: one.dataset, columns: one.columns.join(', '), severity: one.severity },
    ...{ status: one.status, rows: one.rows ?? '', checked: one.checked ?? '', violations: one.violations ?? '' },
    ...{ ratio: one.metrics['ratio'] ?? '', error_code: one.errorCode ?? '', sentence: one.sentence },
    ...{ started_at: one.startedAt ?? '', finished_at: one.finishedAt ?? '' },
  }));
  return stringify(rows, {
    header: true,
    columns: COLUMNS,
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  });
}

const COLUMNS = [
  ...['run', 'rule', 'key', 'name', 'kind', 'source', 'dataset', 'columns', 'severity', 'status', 'rows', 'checked'],
  ...['violations', 'ratio', 'error_code', 'sentence', 'started_at', 'finished_at'],
];
