import { readFileSync } from 'node:fs';

import { messageOf } from '#kernel';
import { type Command } from 'commander';

import { CommandFailed, EXIT } from '../client/exit.js';
import { asking, several, wholeNumber } from '../client/command.js';
import { findSource } from '../client/find-source.js';
import { moment, remark, writeFacts, writeRows } from '../client/output.js';
import { findAsset } from './asset.js';
import { addAsCode } from './rule/as-code.js';
import { addExport } from './rule/export.js';
import { addImport } from './rule/import.js';
import { addKinds } from './rule/kinds.js';
import { addRun } from './rule/run.js';
import { addSchedule } from './rule/schedule.js';
import { addSuggest } from './rule/suggest.js';
import { addTry } from './rule/try.js';

interface Rule {
  readonly id: string;
  readonly kind: string;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly datasetName: string;
  readonly severity: string;
  readonly fields: readonly { readonly name: string }[];
  readonly lastResult: {
    readonly status: string;
    readonly violations: string | null;
    readonly finishedAt: string;
  } | null;
}

interface Trial {
  readonly status: string;
  readonly rows: string | null;
  readonly checked: string | null;
  readonly violations: string | null;
  readonly sentenceEn: string;
}

const RULE = 'id kind nameEn nameZh datasetName severity fields { name } lastResult { status violations finishedAt }';
const ERRORS = 'userErrors { code message path }';

/** `plumbline rule`: what must hold of the data. */
export function addRule(program: Command): void {
  const rule = program.command('rule').description('quality rules: what must hold of the data');

  addKinds(rule);
  addTry(rule);
  addImport(rule);
  addSchedule(rule);
  addExport(rule);
  addAsCode(rule);

  asking(
    rule
      .command('list')
      .description('rules with their last result')
      .option('--source <name>')
      .option('--status <status>', 'of the last result: pass, warn, fail, error, not_evaluated')
      .option('--limit <n>', 'how many', wholeNumber, 100),
    async ({ client, json }, { source, status, limit }: { source?: string; status?: string; limit: number }) => {
      const sourceId = source === undefined ? undefined : (await findSource(client, source)).id;
      const { rules } = await client.ask<{ rules: { totalCount: number; nodes: Rule[] } }>(
        `query ($sourceId: ID, $status: RuleLastStatus, $first: Int) {
           rules(sourceId: $sourceId, lastStatus: $status, first: $first) { totalCount nodes { ${RULE} } } }`,
        { sourceId, status: status?.toUpperCase(), first: limit },
      );
      writeRows(
        { json },
        rules.nodes,
        {
          ID: ({ id }) => id,
          Rule: ({ nameEn, nameZh }) => nameEn || nameZh,
          On: ({ datasetName, fields }) =>
            `${datasetName}${fields.length > 0 ? `#${fields.map(({ name }) => name).join('+')}` : ''}`,
          Kind: ({ kind }) => kind,
          Severity: ({ severity }) => severity,
          Last: ({ lastResult }) => lastResult?.status.toLowerCase(),
          Violations: ({ lastResult }) => lastResult?.violations,
          When: ({ lastResult }) => moment(lastResult?.finishedAt),
        },
        'No rule matches.',
      );
      if (rules.totalCount > rules.nodes.length)
        remark(`${rules.nodes.length} of ${rules.totalCount}; more with --limit.`);
    },
  );

  asking(
    rule
      .command('add <kind> <dataset>')
      .description(
        'add a rule, for instance: rule add in_set core.customer --field gender_code --params \'{"values": ["0","1","2","9"]}\'',
      )
      .option('--field <name>', 'a column it looks at; may be repeated', several)
      .option('--params <json>', 'parameters of the kind, or @FILE')
      .option('--source <name>', 'the dataset in this source, where several have the name')
      .option('--other <dataset>', 'the other dataset, for kinds that look at two')
      .option('--other-source <name>', 'the other dataset in this source')
      .option(
        '--scope <json>',
        'new rows, a partition or a sample, for instance \'{"sample": {"percent": 5}}\', or @FILE',
      )
      .option(
        '--budget <ms>',
        'milliseconds that it may take; it is left out when the source expects more',
        wholeNumber,
      )
      .option('--name <text>', 'its name')
      .option('--severity <s>', 'S1 (highest) to S4', 'S3')
      .option('--try', 'run it once and keep nothing'),
    async ({ client, json }, kind: string, dataset: string, options: AddOptions) => {
      const target = await datasetOf(client, dataset, options.source);
      const fieldIds = (options.field ?? []).map((name) => {
        const found = target.fields.find((field) => field.name === name);
        if (!found)
          throw new CommandFailed(
            `${target.urn} has no column ${JSON.stringify(name)}. It has: ${target.fields.map((field) => field.name).join(', ')}.`,
            EXIT.input,
          );
        return found.id;
      });
      const input = {
        kind,
        datasetId: target.id,
        fieldIds,
        otherDatasetId:
          options.other === undefined ? undefined : (await datasetOf(client, options.other, options.otherSource)).id,
        params: jsonOf(options.params, '--params') ?? {},
        scope: jsonOf(options.scope, '--scope'),
        budgetMs: options.budget,
        nameEn: options.name ?? `${kind} ${target.name}${(options.field ?? []).map((name) => `.${name}`).join('')}`,
        severity: options.severity.toUpperCase(),
      };
      if (options.try === true) {
        const { trial } = await client.change<{ trial: Trial & { statements: { sql: string }[] } }>(
          `mutation ($input: AddRuleInput!) { tryRule(input: $input) { trial { status rows checked violations sentenceEn statements { sql } } ${ERRORS} } }`,
          { input },
        );
        writeFacts({ json }, trial, {
          Verdict: trial.status.toLowerCase(),
          Rows: trial.rows,
          Checked: trial.checked,
          Violations: trial.violations,
          Said: trial.sentenceEn,
          SQL: trial.statements.map(({ sql }) => sql).join('\n'),
        });
        if (['FAIL', 'ERROR'].includes(trial.status)) process.exitCode = EXIT.bad;
        return;
      }
      const { rule: added } = await client.change<{ rule: Rule }>(
        `mutation ($input: AddRuleInput!) { addRule(input: $input) { rule { ${RULE} } ${ERRORS} } }`,
        { input },
      );
      writeFacts({ json }, added, {
        ID: added.id,
        Rule: added.nameEn || added.nameZh,
        On: added.datasetName,
        Kind: added.kind,
      });
    },
  );

  addRun(rule);
  addSuggest(rule);
}

interface AddOptions {
  readonly field?: string[];
  readonly params?: string;
  readonly source?: string;
  readonly other?: string;
  readonly otherSource?: string;
  readonly scope?: string;
  readonly budget?: number;
  readonly name?: string;
  readonly severity: string;
  readonly try?: boolean;
}

async function datasetOf(client: Parameters<typeof findAsset>[0], name: string, source?: string) {
  const asset = await findAsset(client, name, source);
  if (asset.__typename === 'Dataset') return asset;
  throw new CommandFailed(`${asset.urn} is a column; name the dataset here, and the column with --field.`, EXIT.input);
}

function jsonOf(text: string | undefined, option: string): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text);
  } catch (error) {
    throw new CommandFailed(`${option} is not JSON: ${messageOf(error)}.`, EXIT.input);
  }
}
