import { LooseFiles } from '#connectors/files';
import { type NamedRule } from '#core/rule-import';
import { InvalidInput } from '#kernel';
import { type Command } from 'commander';

import { several, wholeNumber } from '../../client/command.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { LANGUAGE_FLAG, languageOf } from '../../client/language.js';
import { remark, writeJson } from '../../client/output.js';
import { namedFile, rulesIn, rulesOf, tellNotUnderstood } from './read-rules.js';
import { formatOf, type FormatOptions, withFormat, writeResults } from './results/format.js';
import { runRulesOn } from './run-rules-on.js';
import { exitCodeOf, showTried, summary, toldOfTried, triedAsJson } from './show-tried.js';
import { factsOfFile } from './tables.js';
import { tryLines } from './try-lines.js';

interface Options extends FormatOptions {
  readonly rules?: readonly string[];
  readonly from?: string;
  readonly rule?: readonly string[];
  readonly key?: readonly string[];
  readonly header: 'auto' | 'yes' | 'no';
  readonly text?: boolean;
  readonly samples: number;
  readonly now?: string;
  readonly sql?: boolean;
  readonly language: string;
  readonly json?: boolean;
  readonly jsonl?: boolean;
}

const HELP = `
A FILE is CSV, TSV, Parquet, JSON or JSON Lines (also .gz). Its dataset is called as the file is, or as NAME in NAME=FILE.
A rule on one line: the kind, columns, name=value for parameters, and perhaps "where CONDITION"; fail=>5% and warn=>0 are thresholds.
"plumbline rule kinds" lists kinds and their parameters. docs/rules.md says how rules are written.

Exit codes: 0 no rule failed, 3 a rule failed or the rules file was not wholly understood, 2 a file or a rule cannot be used, 1 a fault.
With --jsonl: 0 when every line was answered, also those answered with an "error".

Examples:
  plumbline rule try loan.csv --rule 'not_null loan_id' --rule 'between amount min=0' --sql
  plumbline rule try loan.csv client.parquet --rules rules.yml
  plumbline rule try loan=export/loan_2026.csv --rules models/schema.yml --json
  plumbline rule try loan.csv client.csv --rule 'foreign_key client_id dataset=loan other=client refColumns=id'`;

/** `plumbline rule try`: runs rules on files here, without a catalog, a server or a database. */
export function addTry(rule: Command): void {
  withFormat(rule.command('try [file...]'))
    .description('run rules on CSV, Parquet or JSON files; needs no catalog')
    .option('--rules <file>', 'rules: ours, or of dbt, Great Expectations, Soda, ODCS; may be repeated', several)
    .option('--from <format>', 'whose rules they are: rules, dbt, gx, soda, odcs (default: told by the text)')
    .option('--rule <line>', 'a rule on one line; may be repeated', several)
    .option('--key <column>', 'by which failing rows are told (default: the first column); may be repeated', several)
    .option('--header <yes|no|auto>', 'whether the first line of a CSV file has names', 'auto')
    .option('--text', 'every column of a CSV file is text, as it stands there')
    .option('--samples <n>', 'failing rows to show for each rule', wholeNumber, 5)
    .option('--now <time>', 'the time of the run, for rules about age (default: now)')
    .option('--sql', 'show the SQL that ran')
    .option(...LANGUAGE_FLAG)
    .option('--json', 'write JSON')
    .option('--jsonl', 'answer JSON Lines on standard input: a table with rules a line, verdicts a line')
    .addHelpText('after', HELP)
    .action(async (files: string[], options: Options) => {
      const now = timeOf(options.now);
      if (options.jsonl === true) await tryLines(process.stdin, process.stdout, now);
      else await tryFiles(files, options, now);
    });
}

async function tryFiles(given: readonly string[], options: Options, now: Date): Promise<void> {
  if (given.length === 0) throw new CommandFailed('Name a file of data.', EXIT.input);
  if (!(options.samples >= 0 && options.samples <= 100))
    throw new CommandFailed('--samples is a whole number from 0 to 100.', EXIT.input);
  const language = languageOf(options.language);
  const format = formatOf(options);
  const { rules, partial } = rulesFor(options);
  const named = given.map(namedFile);
  const files = opened(named, options);
  try {
    const tables = new Map<string, Awaited<ReturnType<typeof factsOfFile>>>();
    for (const file of named) {
      if (tables.has(file.name))
        throw new CommandFailed(`Two files are called ${file.name}; name one of them as NAME=FILE.`, EXIT.input);
      tables.set(file.name, await factsOfFile(files, file, options.key ?? []));
    }
    const tried = await runRulesOn(rules, tables, files, { now, samples: options.samples });
    if (format !== undefined)
      writeResults({ name: 'rule try', results: toldOfTried(tried, language) }, format, options.out);
    else if (options.json === true) writeJson({ results: tried.map(triedAsJson), notUnderstood: partial });
    else {
      for (const each of tried) showTried(each, { sql: options.sql ?? false, language });
      const leftOut = new Set(tried.flatMap(({ named: { dataset }, ran }) => (ran ? [] : (dataset ?? 'no dataset'))));
      if (leftOut.size > 0)
        remark(
          `Rules for ${[...leftOut].join(', ')} were left out: no file of that name was given (NAME=FILE names one).`,
        );
      remark(summary(tried));
    }
    process.exitCode = exitCodeOf(tried) || (partial.length > 0 ? EXIT.bad : EXIT.ok);
  } finally {
    await files.close();
  }
}

function rulesFor({ rules: paths = [], from, rule: lines = [] }: Options) {
  const rules: NamedRule[] = rulesOf(lines);
  const partial: object[] = [];
  for (const path of paths) {
    const read = rulesIn(path, from);
    rules.push(...read.rules);
    tellNotUnderstood(path, read.notUnderstood);
    partial.push(...read.notUnderstood.map((each) => ({ file: path, ...each })));
  }
  if (rules.length === 0 && partial.length === 0)
    throw new CommandFailed(
      "There are no rules. Write one with --rule, for instance --rule 'not_null id', or name a file of them with --rules.\n" +
        '"plumbline rule kinds" lists what there is.',
      EXIT.input,
    );
  return { rules, partial };
}

function opened(named: readonly { readonly path: string }[], { header, text }: Options): LooseFiles {
  if (!['auto', 'yes', 'no'].includes(header)) throw new CommandFailed('--header is yes, no or auto.', EXIT.input);
  try {
    return LooseFiles.open(
      named.map(({ path }) => path),
      { header, csvTypes: text === true ? 'text' : 'detect' },
    );
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new CommandFailed(error.message, EXIT.input);
  }
}

function timeOf(text: string | undefined): Date {
  const at = text === undefined ? new Date() : new Date(text);
  if (!Number.isNaN(at.getTime())) return at;
  throw new CommandFailed('--now is a time such as 2026-06-30T00:00:00Z.', EXIT.input);
}
