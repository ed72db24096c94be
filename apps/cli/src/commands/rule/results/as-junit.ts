import { type ToldResult, type ToldRun } from './told-result.js';

/**
 * JUnit XML as CI systems read it: a suite for each dataset, a case for each rule. What was not asked, or had nothing to check, is
 * skipped; a rule that could not be asked is an error, never a failure; a warning passes and is told in the case's output.
 */
export function asJunit({ name, results }: ToldRun): string {
  const suites = Map.groupBy(results, ({ source, dataset }) =>
    source === undefined ? dataset : `${source} / ${dataset}`,
  );
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name, ...totals(results) })}>`,
    ...[...suites].flatMap(([suite, of]) => suiteLines(suite, of)),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function suiteLines(name: string, results: readonly ToldResult[]): string[] {
  const [first] = results.flatMap(({ startedAt }) => startedAt ?? []).sort();
  // A time without a zone is what the common schema allows.
  const at: Readonly<Record<string, string>> =
    first === undefined ? {} : { timestamp: new Date(first).toISOString().slice(0, 19) };
  const named = uniqueNames(results);
  return [
    `  <testsuite${attributes({ name, ...totals(results), ...at })}>`,
    ...results.flatMap((one, at) => caseLines(name, named[at]!, one)),
    '  </testsuite>',
  ];
}

function caseLines(suite: string, name: string, one: ToldResult): string[] {
  const inside = [
    ...(one.status === 'skipped' || one.status === 'not_evaluated'
      ? [`      <skipped${attributes({ message: one.sentence })}/>`]
      : []),
    ...(one.status === 'error' ? [told('error', one.errorCode ?? 'ERROR', one)] : []),
    ...(one.status === 'fail' ? [told('failure', one.kind, one)] : []),
    ...(one.status === 'warn' ? [`      <system-out>${text(`WARNING ${one.sentence}`)}</system-out>`] : []),
  ];
  const open = `    <testcase${attributes({ name, classname: suite, time: seconds(one) })}`;
  return inside.length === 0 ? [`${open}/>`] : [`${open}>`, ...inside, '    </testcase>'];
}

const told = (tag: 'failure' | 'error', type: string, { sentence, severity, kind, violations, checked }: ToldResult) =>
  `      <${tag}${attributes({ message: sentence, type })}>${text(
    [
      `${severity} ${kind}`,
      ...(violations === undefined ? [] : [`violations: ${violations}`]),
      ...(checked === undefined ? [] : [`checked: ${checked}`]),
    ].join('\n'),
  )}</${tag}>`;

/** Cases of one suite with the same name are one case to most tools: what comes later is numbered. */
function uniqueNames(results: readonly ToldResult[]): string[] {
  const seen = new Set<string>();
  return results.map(({ name }) => {
    let unique = name;
    for (let number = 2; seen.has(unique); number++) unique = `${name} (${number})`;
    seen.add(unique);
    return unique;
  });
}

function totals(results: readonly ToldResult[]) {
  const countOf = (...statuses: readonly ToldResult['status'][]) =>
    results.filter(({ status }) => statuses.includes(status)).length;
  return {
    ...{ tests: results.length, failures: countOf('fail'), errors: countOf('error') },
    ...{ skipped: countOf('skipped', 'not_evaluated') },
    time: results.reduce((sum, one) => sum + Number(seconds(one)), 0).toFixed(3),
  };
}

const seconds = ({ startedAt, finishedAt }: ToldResult): string =>
  startedAt === undefined || finishedAt === undefined
    ? '0.000'
    : Math.max(0, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000).toFixed(3);

const attributes = (of: Readonly<Record<string, string | number>>): string =>
  Object.entries(of)
    .map(([name, value]) => ` ${name}="${text(String(value)).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`)
    .join('');

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** XML 1.0 has no control characters but three, no halves of surrogate pairs, and neither U+FFFE nor U+FFFF, not even escaped. */
const text = (value: string): string =>
  Buffer.from(value)
    .toString()
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (sign) => ESCAPED[sign]!);
