import { type Command } from 'commander';

import { asking, several, wholeNumber } from '../client/command.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { findSource } from '../client/find-source.js';
import { type Language, LANGUAGE_FLAG, languageOf } from '../client/language.js';
import { moment, remark, writeFacts, writeJson, writeLine, writeRows } from '../client/output.js';

interface Incident {
  readonly id: string;
  readonly state: string;
  readonly severity: string;
  readonly titleEn: string;
  readonly titleZh: string;
  readonly sourceName: string;
  readonly datasetName: string | null;
  readonly sentenceEn: string;
  readonly sentenceZh: string;
  readonly assignee: string;
  readonly cause: string | null;
  readonly parentId: string | null;
  readonly childCount: number;
  readonly openedAt: string;
  readonly dueAt: string | null;
  readonly escalatedAt: string | null;
  readonly failingRuns: number;
  readonly flappingSince: string | null;
  readonly possibleSteps: readonly string[];
}

interface Event {
  readonly kind: string;
  readonly at: string;
  readonly byWhom: string;
  readonly text: string;
}

const FIELDS = `id state severity titleEn titleZh sourceName datasetName sentenceEn sentenceZh assignee cause parentId childCount
  openedAt dueAt escalatedAt failingRuns flappingSince possibleSteps`;
const ERRORS = 'userErrors { code message path }';
const words = (word: string) => word.toLowerCase().replaceAll('_', ' ');
const upper = (word: string) => word.toUpperCase().replaceAll('-', '_').replaceAll(' ', '_');

interface ListOptions {
  readonly source?: string;
  readonly state?: string[];
  readonly severity?: string;
  readonly domain?: string;
  readonly assignee?: string;
  readonly overdue?: boolean;
  readonly parents?: boolean;
  readonly text?: string;
  readonly limit: number;
  readonly csv?: boolean;
  readonly language: string;
}

/** `plumbline incident`: what is wrong and has not been put right. */
export function addIncident(program: Command): void {
  const incident = program.command('incident').description('what is wrong with data and has not been put right');

  asking(
    incident
      .command('list')
      .description('newest first; those that are not over when no state is given')
      .option('--source <name>')
      .option(
        '--state <state>',
        'open, acknowledged, assigned, fixing, awaiting-verification, waived, resolved, false-positive; may be repeated',
        several,
      )
      .option('--severity <s>', 'S1 to S4')
      .option('--domain <name>')
      .option('--assignee <login>')
      .option('--overdue', 'only those whose time has run out')
      .option('--parents', 'without those that another one probably causes')
      .option('--text <text>', 'in the name of the rule, dataset or source')
      .option('--limit <n>', 'how many', wholeNumber, 100)
      .option('--csv', 'write CSV')
      .option(...LANGUAGE_FLAG),
    async ({ client, json }, options: ListOptions) => {
      const language = languageOf(options.language);
      const sourceId = options.source === undefined ? undefined : (await findSource(client, options.source)).id;
      const { incidents } = await client.ask<{ incidents: { totalCount: number; nodes: Incident[] } }>(
        `query ($sourceId: ID, $states: [IncidentState!], $severity: RuleSeverity, $domain: String, $assignee: String,
                $overdue: Boolean, $parentsOnly: Boolean, $text: String, $first: Int) {
           incidents(sourceId: $sourceId, states: $states, severity: $severity, domain: $domain, assignee: $assignee,
                     overdue: $overdue, parentsOnly: $parentsOnly, text: $text, first: $first) {
             totalCount nodes { ${FIELDS} } } }`,
        {
          ...{ sourceId, severity: options.severity?.toUpperCase(), domain: options.domain, text: options.text },
          ...{
            assignee: options.assignee,
            overdue: options.overdue,
            parentsOnly: options.parents,
            first: options.limit,
          },
          states: options.state?.map(upper) ?? NOT_OVER,
        },
      );
      const columns: Record<string, (one: Incident) => unknown> = {
        ID: ({ id }) => id,
        Severity: ({ severity }) => severity,
        What: (one) => titleOf(one, language),
        On: ({ datasetName, sourceName }) => datasetName ?? sourceName,
        State: ({ state, flappingSince }) => `${words(state)}${flappingSince === null ? '' : ', flapping'}`,
        Since: ({ openedAt }) => moment(openedAt),
        Due: ({ dueAt }) => moment(dueAt),
        'Seen to by': ({ assignee }) => assignee,
        Causes: ({ childCount }) => (childCount === 0 ? '' : childCount),
      };
      if (options.csv === true) {
        const { stringify } = await import('csv-stringify/sync');
        const cells = incidents.nodes.map((one) => Object.values(columns).map((cell) => withoutFormula(cell(one))));
        writeLine(stringify([Object.keys(columns), ...cells]).trimEnd());
      } else writeRows({ json }, incidents.nodes, columns, 'No incident matches.');
      if (incidents.totalCount > incidents.nodes.length)
        remark(`${incidents.nodes.length} of ${incidents.totalCount}; more with --limit.`);
    },
  );

  asking(
    incident
      .command('show <id>')
      .description('one incident with its history')
      .option(...LANGUAGE_FLAG),
    async ({ client, json }, id: string, { language }: { language: string }) => {
      const { incident: found } = await client.ask<{ incident: Incident & { events: Event[] } }>(
        `query ($id: ID!) { incident(id: $id) { ${FIELDS} events { kind at byWhom text } } }`,
        { id },
      );
      write(json, found, languageOf(language));
      if (json) return;
      writeLine('');
      writeRows({ json }, found.events, {
        When: ({ at }) => moment(at),
        What: ({ kind }) => words(kind),
        By: ({ byWhom }) => byWhom,
        Text: ({ text }) => text,
      });
    },
  );

  const step = (
    name: string,
    description: string,
    mutation: string,
    more: { readonly arg?: readonly [flag: string, description: string, type: string]; readonly reason?: boolean } = {},
  ) => {
    const command = incident
      .command(`${name} <id>`)
      .description(description)
      .option(...LANGUAGE_FLAG);
    const key = more.arg?.[0];
    if (more.arg) command.requiredOption(`--${more.arg[0]} <value>`, more.arg[1]);
    if (more.reason === true) command.requiredOption('--reason <text>', 'why');
    else if (more.reason === false) command.option('--comment <text>');
    asking(command, async ({ client, json }, id: string, options: Record<string, string>) => {
      const args = [
        ['id', 'ID!', id],
        ...(key === undefined
          ? []
          : [[key, more.arg![2], key === 'assignee' ? options[key] : upper(options[key] ?? '')]]),
        ...(more.reason === true ? [['reason', 'String!', options['reason']]] : []),
        ...(more.reason === false ? [['comment', 'String', options['comment']]] : []),
      ] as [string, string, string][];
      const { incident: found } = await client.change<{ incident: Incident }>(
        `mutation (${args.map(([arg, type]) => `$${arg}: ${type}`).join(', ')}) {
           ${mutation}(${args.map(([arg]) => `${arg}: $${arg}`).join(', ')}) { incident { ${FIELDS} } ${ERRORS} } }`,
        Object.fromEntries(args.map(([arg, , value]) => [arg, value])),
      );
      write(json, found, languageOf(options['language'] ?? 'en'));
    });
  };
  const cause = [
    'cause',
    'source-entry, etl-defect, schema-change, late-arrival, standard-missing, rule-wrong, operations, other',
    'IncidentCause!',
  ] as const;
  step('fix', 'say that somebody is at it', 'startFixingIncident', { reason: false });
  step('fixed', 'say that it is fixed, and what it came from; passing runs prove it', 'awaitIncidentVerification', {
    arg: cause,
    reason: false,
  });
  step(
    'false-positive',
    'the data is right; this version of the rule opens no incident any more',
    'markIncidentFalsePositive',
    { reason: true },
  );
  step('reopen', 'open it again, with a new clock', 'reopenIncident', { reason: true });
  step('severity', 'another severity; it is kept', 'changeIncidentSeverity', {
    arg: ['severity', 'S1 to S4', 'RuleSeverity!'],
    reason: true,
  });
  step('cause', 'what it came from, also when it is over', 'setIncidentCause', { arg: cause, reason: false });

  const all = async (
    client: { change<T extends object>(query: string, variables: Record<string, unknown>): Promise<T> },
    mutation: string,
    extra: string,
    variables: Record<string, unknown>,
  ) =>
    client.change<{ incidents: Incident[] }>(
      `mutation ($ids: [ID!]!, $value: String${extra === 'assignee' ? '!' : ''}) {
         ${mutation}(ids: $ids, ${extra}: $value) { incidents { ${FIELDS} } ${ERRORS} } }`,
      variables,
    );
  asking(
    incident
      .command('ack <ids...>')
      .description('say that somebody has seen them, all or none')
      .option('--comment <text>'),
    async ({ client, json }, ids: string[], { comment }: { comment?: string }) => {
      const { incidents } = await all(client, 'acknowledgeIncidents', 'comment', { ids, value: comment });
      writeShort(json, incidents);
    },
  );
  asking(
    incident.command('assign <login> <ids...>').description('say who sees to them, all or none; "" for nobody'),
    async ({ client, json }, login: string, ids: string[]) => {
      const { incidents } = await all(client, 'assignIncidents', 'assignee', { ids, value: login });
      writeShort(json, incidents);
    },
  );
  asking(
    incident.command('comment <id> <text>').description('say something about it'),
    async ({ client, json }, id: string, text: string) => {
      if (text.trim() === '') throw new CommandFailed('Write a comment.', EXIT.input);
      const { incident: found } = await client.change<{ incident: Incident }>(
        `mutation ($id: ID!, $text: String!) { commentIncident(id: $id, text: $text) { incident { ${FIELDS} } ${ERRORS} } }`,
        { id, text },
      );
      writeShort(json, [found]);
    },
  );
}

const NOT_OVER = ['OPEN', 'ACKNOWLEDGED', 'ASSIGNED', 'FIXING', 'AWAITING_VERIFICATION', 'WAIVED'];

const titleOf = ({ titleEn, titleZh }: Incident, language: Language): string => (language === 'zh' ? titleZh : titleEn);

/** A spreadsheet would run what begins like a formula. */
function withoutFormula(cell: unknown): string {
  const text = cell == null ? '' : String(cell);
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function writeShort(json: boolean, incidents: readonly Incident[]): void {
  writeRows({ json }, incidents, {
    ID: ({ id }) => id,
    State: ({ state }) => words(state),
    'Seen to by': ({ assignee }) => assignee,
  });
}

function write(json: boolean, incident: Incident, language: Language): void {
  if (json) return writeJson(incident);
  writeFacts({ json }, incident, {
    What: titleOf(incident, language),
    Severity: incident.severity,
    State: `${words(incident.state)}${incident.flappingSince === null ? '' : ', flapping'}`,
    Dataset: incident.datasetName,
    Source: incident.sourceName,
    Said: language === 'zh' ? incident.sentenceZh : incident.sentenceEn,
    Since: moment(incident.openedAt),
    Due: moment(incident.dueAt),
    'Failing runs': incident.failingRuns,
    'Seen to by': incident.assignee,
    Cause: incident.cause === null ? '' : words(incident.cause),
    'Probably causes': incident.childCount,
    'Probably caused by': incident.parentId,
    Possible: incident.possibleSteps.map(words).join(', '),
  });
}
