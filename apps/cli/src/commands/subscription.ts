import { type Command } from 'commander';

import { asking, several, wholeNumber } from '../client/command.js';
import { findSource } from '../client/find-source.js';
import { writeFacts, writeRows } from '../client/output.js';
import { findChannel } from './channel.js';

interface Subscription {
  readonly id: string;
  readonly name: string;
  readonly events: readonly string[];
  readonly recipients: readonly string[];
  readonly language: string;
}

const FIELDS = 'id name events recipients language';
const ERRORS = 'userErrors { code message path }';
const USUAL = ['incident_opened', 'incident_reopened', 'incident_flapping', 'incident_escalated', 'incident_resolved'];

interface AddOptions {
  readonly channel: string;
  readonly event?: string[];
  readonly to?: string[];
  readonly severity?: string[];
  readonly domain?: string[];
  readonly source?: string[];
  readonly owner?: string[];
  readonly language: string;
  readonly timeZone?: string;
  readonly quiet?: string;
  readonly digestMinutes?: number;
  readonly digestAt?: string;
}

/** `plumbline subscription`: who is told what. */
export function addSubscription(program: Command): void {
  const subscription = program.command('subscription').description('who is told what, on which channel');

  asking(subscription.command('list').description('by name'), async ({ client, json }) => {
    const { noticeSubscriptions } = await client.ask<{ noticeSubscriptions: Subscription[] }>(
      `{ noticeSubscriptions { ${FIELDS} } }`,
    );
    writeRows(
      { json },
      noticeSubscriptions,
      {
        ID: ({ id }) => id,
        Name: ({ name }) => name,
        Events: ({ events }) => events.map((event) => event.toLowerCase()).join(', '),
        To: ({ recipients }) => recipients.join(', '),
        Language: ({ language }) => language.toLowerCase(),
      },
      'Nobody is told anything yet.',
    );
  });
  asking(
    subscription
      .command('add <name>')
      .description('tell somebody; filters that are left out mean all')
      .requiredOption('--channel <name>')
      .option('--event <event>', `may be repeated; ${USUAL.join(', ')} when left out`, several)
      .option('--to <address>', 'for mail; may be repeated', several)
      .option('--severity <s>', 'may be repeated', several)
      .option('--domain <name>', 'may be repeated', several)
      .option('--source <name>', 'may be repeated', several)
      .option('--owner <name>', 'may be repeated', several)
      .option('--language <language>', 'zh or en', 'zh')
      .option('--time-zone <zone>', 'for quiet hours and digests')
      .option('--quiet <HH:MM-HH:MM>', 'send nothing then, but S1')
      .option('--digest-minutes <n>', 'tell together, every so many minutes', wholeNumber)
      .option('--digest-at <HH:MM>', 'tell together, once a day'),
    async ({ client, json }, name: string, options: AddOptions) => {
      const [quietFrom, quietTo] = options.quiet?.split('-') ?? [];
      const sources = await Promise.all((options.source ?? []).map((one) => findSource(client, one)));
      const { subscription: added } = await client.change<{ subscription: Subscription }>(
        `mutation ($input: AddNoticeSubscriptionInput!) {
           addNoticeSubscription(input: $input) { subscription { ${FIELDS} } ${ERRORS} } }`,
        {
          input: {
            ...{ name, channelId: (await findChannel(client, options.channel)).id, recipients: options.to },
            events: (options.event ?? USUAL).map((event) => event.toUpperCase().replaceAll('-', '_')),
            ...{ severities: options.severity?.map((one) => one.toUpperCase()), domains: options.domain },
            ...{ sourceIds: sources.map(({ id }) => id), owners: options.owner, timeZone: options.timeZone },
            ...{ language: options.language.toUpperCase(), quietFrom, quietTo },
            ...{ digestMinutes: options.digestMinutes, digestAt: options.digestAt },
          },
        },
      );
      writeFacts({ json }, added, { ID: added.id, Name: added.name, Events: added.events.join(', ').toLowerCase() });
    },
  );
  asking(
    subscription.command('remove <id>').description('tell nothing any more'),
    async ({ client, json }, id: string) => {
      const { subscription: removed } = await client.change<{ subscription: Subscription }>(
        `mutation ($id: ID!) { removeNoticeSubscription(id: $id) { subscription { ${FIELDS} } ${ERRORS} } }`,
        { id },
      );
      writeFacts({ json }, removed, { Removed: removed.name });
    },
  );
}
