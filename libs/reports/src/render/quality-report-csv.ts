import { type Readable } from 'node:stream';

import { stringify } from 'csv-stringify';

import { localTime } from '../period.js';
import { type ReportedResult } from '../quality-report.facts.js';
import { type Language } from '../report.js';
import { named, textsIn } from './texts.js';

/**
 * Every result of the period, one a line, so that whoever doubts a number of the report can add it up again. A BOM
 * lets spreadsheets read Chinese; what they would take for a formula gets a quote before it.
 */
export async function qualityReportCsv(
  results: AsyncIterable<ReportedResult>,
  timeZone: string,
  language: Language,
): Promise<Buffer> {
  const texts = textsIn(language);
  const csv = stringify({ bom: true, escape_formulas: true, record_delimiter: 'windows' });
  const written = buffered(csv);
  csv.write([
    ...[texts.resultId, texts.runId, texts.ruleId, texts.rule, texts.version, texts.kind, texts.dimension],
    ...[texts.severity, texts.dataset, texts.fields, texts.status, texts.rows, texts.checked, texts.violations],
    ...[texts.ratio, texts.finding, texts.startedAt, texts.finishedAt, texts.sql, texts.parameters],
  ]);
  let any = false;
  for await (const result of results) {
    any = true;
    csv.write(lineOf(result, timeZone, language));
  }
  if (!any) csv.write([texts.empty]);
  csv.end();
  return written;
}

function lineOf(result: ReportedResult, timeZone: string, language: Language): (string | number | null)[] {
  const texts = textsIn(language);
  return [
    ...[result.resultId, result.runId, result.ruleId, named(language, result.nameEn, result.nameZh), result.version],
    ...[result.kind, texts.dimensions[result.dimension], result.severity, result.datasetName],
    ...[result.fieldNames.join(', '), texts.statuses[result.status], result.rows, result.checked, result.violations],
    ...[result.ratio, language === 'zh' ? result.sentenceZh : result.sentenceEn],
    ...[localTime(result.startedAt, timeZone), localTime(result.finishedAt, timeZone)],
    result.statements.map(({ sql }) => sql).join(';\n'),
    result.statements.map(({ params }) => JSON.stringify(params)).join(';\n'),
  ];
}

async function buffered(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}
