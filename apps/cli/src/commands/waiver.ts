import { type Command } from 'commander';

import { asking, several, wholeNumber } from '../client/command.js';
import { type Output, moment, writeFacts, writeRows } from '../client/output.js';

interface Waiver {
  readonly id: string;
  readonly state: string;
  readonly ruleNameEn: string;
  readonly ruleNameZh: string;
  readonly datasetName: string;
  readonly reason: string;
  readonly until: string;
  readonly requestedBy: string;
  readonly decidedBy: string | null;
  readonly decision: string;
  readonly endReason: string;
}

const FIELDS = 'id state ruleNameEn ruleNameZh datasetName reason until requestedBy decidedBy decision endReason';
const ERRORS = 'userErrors { code message path }';

/** `plumbline waiver`: rules that may fail for a time. */
export function addWaiver(program: Command): void {
  const waiver = program.command('waiver').description('rules that may fail for a time, when a second person agrees');

  asking(
    waiver
      .command('list')
      .description('the register, newest first')
      .option('--state <state>', 'requested, approved, rejected, withdrawn, expired, revoked; may be repeated', several)
      .option('--in-force <time>', 'only those in force then, for instance 2026-06-30T16:00:00Z')
      .option('--limit <n>', 'how many', wholeNumber, 100),
    async ({ client, json }, options: { state?: string[]; inForce?: string; limit: number }) => {
      const { waivers } = await client.ask<{ waivers: { nodes: Waiver[] } }>(
        `query ($states: [WaiverState!], $at: DateTime, $first: Int) {
           waivers(states: $states, inForceAt: $at, first: $first) { nodes { ${FIELDS} } } }`,
        { states: options.state?.map((state) => state.toUpperCase()), at: options.inForce, first: options.limit },
      );
      writeRows(
        { json },
        waivers.nodes,
        {
          ID: ({ id }) => id,
          Rule: ({ ruleNameEn, ruleNameZh }) => ruleNameEn || ruleNameZh,
          On: ({ datasetName }) => datasetName,
          State: ({ state }) => state.toLowerCase(),
          Until: ({ until }) => moment(until),
          'Asked by': ({ requestedBy }) => requestedBy,
          'Decided by': ({ decidedBy }) => decidedBy,
          Reason: ({ reason }) => reason,
        },
        'No waiver matches.',
      );
    },
  );
  asking(
    waiver
      .command('request <rule-id>')
      .description('ask that a rule may fail for a time')
      .requiredOption('--reason <text>', 'why')
      .requiredOption('--until <time>', 'when it ends, for instance 2026-06-30T16:00:00Z'),
    async ({ client, json }, ruleId: string, { reason, until }: { reason: string; until: string }) => {
      const { waiver: found } = await client.change<{ waiver: Waiver }>(
        `mutation ($ruleId: ID!, $reason: String!, $until: DateTime!) {
           requestWaiver(ruleId: $ruleId, reason: $reason, until: $until) { waiver { ${FIELDS} } ${ERRORS} } }`,
        { ruleId, reason, until },
      );
      write({ json }, found);
    },
  );
  for (const [name, approve, description] of [
    ['approve', true, 'grant it; not by who asked'],
    ['reject', false, 'do not grant it; say why with --comment'],
  ] as const)
    asking(
      waiver.command(`${name} <id>`).description(description).option('--comment <text>'),
      async ({ client, json }, id: string, { comment }: { comment?: string }) => {
        const { waiver: found } = await client.change<{ waiver: Waiver }>(
          `mutation ($id: ID!, $approve: Boolean!, $comment: String) {
             decideWaiver(id: $id, approve: $approve, comment: $comment) { waiver { ${FIELDS} } ${ERRORS} } }`,
          { id, approve, comment },
        );
        write({ json }, found);
      },
    );
  asking(
    waiver
      .command('revoke <id>')
      .description('end it before its time, or take a request back')
      .requiredOption('--reason <text>', 'why'),
    async ({ client, json }, id: string, { reason }: { reason: string }) => {
      const { waiver: found } = await client.change<{ waiver: Waiver }>(
        `mutation ($id: ID!, $reason: String!) { revokeWaiver(id: $id, reason: $reason) { waiver { ${FIELDS} } ${ERRORS} } }`,
        { id, reason },
      );
      write({ json }, found);
    },
  );
}

const write = (output: Output, waiver: Waiver): void =>
  writeFacts(output, waiver, {
    ID: waiver.id,
    Rule: waiver.ruleNameEn || waiver.ruleNameZh,
    Dataset: waiver.datasetName,
    State: waiver.state.toLowerCase(),
    Until: moment(waiver.until),
    'Asked by': waiver.requestedBy,
    'Decided by': waiver.decidedBy,
    Reason: waiver.reason,
    Decision: waiver.decision,
    Ended: waiver.endReason,
  });
