import { type Command } from 'commander';

import { type Client } from '../../client/client.js';
import { asking, several } from '../../client/command.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { findSource } from '../../client/find-source.js';
import { type Language, LANGUAGE_FLAG, languageOf } from '../../client/language.js';
import { remark, writeRows } from '../../client/output.js';
import { watchJob } from '../../client/watch-job.js';
import { exitCodeOfResults, formatOf, type FormatOptions, withFormat, writeResults } from './results/format.js';
import { type ToldResult, type ToldRun } from './results/told-result.js';

interface RunOptions extends FormatOptions {
  readonly set?: string;
  readonly source?: string;
  readonly rule?: readonly string[];
  readonly wait: boolean;
  readonly language: string;
}

interface ResultsOptions extends FormatOptions {
  readonly run: string;
  readonly language: string;
}

interface Result {
  readonly status: string;
  readonly rows: string | null;
  readonly checked: string | null;
  readonly violations: string | null;
  readonly metrics: Readonly<Record<string, string>>;
  readonly sentenceEn: string;
  readonly sentenceZh: string;
  readonly errorCode: string | null;
  readonly severity: string;
  readonly datasetName: string;
  readonly ruleId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly version: {
    readonly nameEn: string;
    readonly nameZh: string;
    readonly kind: string;
    readonly fields: readonly { readonly name: string }[];
  } | null;
  readonly rule: { readonly sourceName: string; readonly codeOrigin: { readonly key: string } | null } | null;
}

interface Run {
  readonly id: string;
  readonly state: string;
  readonly ruleSetName: string | null;
  readonly sourceName: string | null;
  readonly results: {
    readonly nodes: readonly Result[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

const HELP =
  '\nExit codes: 0 no rule failed, 3 a rule failed, 4 none failed but some could not be run, 2 wrong input, 1 a fault.';

/** `plumbline rule run` and `rule results`: what the catalog's rules find, for people and for CI. */
export function addRun(rule: Command): void {
  asking(
    withFormat(
      rule
        .command('run')
        .description('run rules now and tell what they found')
        .option('--set <name>', 'the rules of a rule set')
        .option('--source <name>', 'all rules of a source')
        .option('--rule <id>', 'this rule; may be repeated', several)
        .option('--wait', 'wait until they have run (what happens when left out, too)', true)
        .option('--no-wait', 'only ask for the run and tell its id')
        .option(...LANGUAGE_FLAG)
        .addHelpText('after', HELP),
    ),
    async ({ client, json }, options: RunOptions) => {
      const format = formatOf(json ? { ...options, format: 'json' } : options);
      const language = languageOf(options.language);
      const { job, run } = await start(client, options);
      if (!options.wait) {
        if (json) writeResults({ id: run.id, name: 'run', results: [] }, 'json', undefined);
        else remark(`The run ${run.id} was asked for. See it with: plumbline rule results --run ${run.id}`);
        return;
      }
      await watchJob(client, job.id, { quiet: format !== undefined });
      await tell(client, run.id, { ...options, ...(format && { format }) }, language);
    },
  );

  asking(
    withFormat(
      rule
        .command('results')
        .description('what the rules of a run found')
        .requiredOption('--run <id>', 'the run')
        .option(...LANGUAGE_FLAG)
        .addHelpText('after', HELP),
    ),
    async ({ client, json }, { run, language, ...options }: ResultsOptions) => {
      await tell(client, run, json ? { ...options, format: 'json' } : options, languageOf(language));
    },
  );
}

async function start(client: Client, { set, source, rule }: RunOptions) {
  if ([set, source, rule].filter((given) => given !== undefined).length !== 1)
    throw new CommandFailed(
      'Say which rules: those of a rule set (--set NAME), all of a source (--source NAME), or some (--rule ID, again for more).',
      EXIT.input,
    );
  return client.change<{ job: { id: string }; run: { id: string } }>(
    `mutation ($ruleSetId: ID, $sourceId: ID, $ruleIds: [ID!]) {
       runRules(ruleSetId: $ruleSetId, sourceId: $sourceId, ruleIds: $ruleIds) {
         job { id } run { id } userErrors { code message path } } }`,
    {
      ruleSetId: set === undefined ? undefined : await ruleSetId(client, set),
      sourceId: source === undefined ? undefined : (await findSource(client, source)).id,
      ruleIds: rule,
    },
  );
}

async function tell(client: Client, id: string, options: FormatOptions, language: Language): Promise<void> {
  const format = formatOf(options);
  const run = await resultsOf(client, id, language);
  const { results } = run;
  if (format !== undefined) writeResults(run, format, options.out);
  else
    writeRows({ json: false }, results, {
      Verdict: ({ status }) => status,
      Rule: ({ name }) => name,
      On: ({ dataset }) => dataset,
      Severity: ({ severity }) => severity,
      Checked: ({ checked, metrics }) => (metrics['provenBy'] === undefined ? checked : 'proven'),
      Violations: ({ violations }) => violations,
    });
  const bad = results.filter(({ status }) => status === 'fail' || status === 'error').length;
  remark(`${results.length} rules ran, ${bad} failed or could not be run.`);
  process.exitCode = exitCodeOfResults(results);
}

const RUN = `
  query ($id: ID!, $after: String) {
    ruleRun(id: $id) {
      id state ruleSetName sourceName
      results(first: 200, after: $after) {
        nodes {
          status rows checked violations metrics sentenceEn sentenceZh errorCode severity datasetName ruleId startedAt finishedAt
          version { nameEn nameZh kind fields { name } } rule { sourceName codeOrigin { key } }
        }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`;

async function resultsOf(client: Client, id: string, language: Language): Promise<ToldRun> {
  const results: ToldResult[] = [];
  for (let after: string | null = null; ;) {
    const { ruleRun: run }: { ruleRun: Run } = await client.ask<{ ruleRun: Run }>(RUN, { id, after });
    results.push(...run.results.nodes.map((result) => toldOf(result, language)));
    if (!run.results.pageInfo.hasNextPage) return { id, name: run.ruleSetName ?? run.sourceName ?? 'rules', results };
    after = run.results.pageInfo.endCursor;
  }
}

function toldOf(result: Result, language: Language): ToldResult {
  const { version, rule, rows, checked, violations, errorCode, metrics } = result;
  const { nameZh = '', nameEn = '', kind = '', fields = [] } = version ?? {};
  const key = rule?.codeOrigin?.key;
  return {
    ...{ ruleId: result.ruleId, kind, dataset: result.datasetName, severity: result.severity, metrics },
    ...(key !== undefined && { key }),
    ...(rule && { source: rule.sourceName }),
    name: language === 'zh' ? nameZh || nameEn : nameEn || nameZh,
    columns: fields.map(({ name }) => name),
    status: result.status.toLowerCase() as ToldResult['status'],
    ...(rows !== null && { rows }),
    ...(checked !== null && { checked }),
    ...(violations !== null && { violations }),
    sentence: language === 'zh' ? result.sentenceZh : result.sentenceEn,
    ...(errorCode !== null && { errorCode }),
    ...{ startedAt: result.startedAt, finishedAt: result.finishedAt },
  };
}

async function ruleSetId(client: Client, name: string): Promise<string> {
  const { ruleSets } = await client.ask<{ ruleSets: { nodes: { id: string; name: string }[] } }>(
    '{ ruleSets(first: 500) { nodes { id name } } }',
  );
  const found = ruleSets.nodes.find((set) => set.name === name || set.id === name);
  if (found) return found.id;
  const names = ruleSets.nodes.map((set) => `"${set.name}"`).join(', ');
  throw new CommandFailed(`There is no rule set "${name}". There are: ${names || 'none yet'}.`, EXIT.input);
}
