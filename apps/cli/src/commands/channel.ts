import { type Command } from 'commander';

import { type Client } from '../client/client.js';
import { asking, several, wholeNumber } from '../client/command.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { moment, writeFacts, writeRows } from '../client/output.js';

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly host: string;
  readonly hasSecret: boolean;
  readonly failingSince: string | null;
}

interface Message {
  readonly id: string;
  readonly channelName: string;
  readonly subject: string;
  readonly state: string;
  readonly recipients: readonly string[];
  readonly madeAt: string;
  readonly attempts: number;
  readonly answer: string;
}

const FIELDS = 'id name kind host hasSecret failingSince';
const MESSAGE = 'id channelName subject state recipients madeAt attempts answer';
const ERRORS = 'userErrors { code message path }';

/** `plumbline channel`: ways to tell people something. */
export function addChannel(program: Command): void {
  const channel = program.command('channel').description('ways to tell people something: mail, webhook, robots');

  asking(channel.command('list').description('by name'), async ({ client, json }) => {
    writeRows(
      { json },
      await allChannels(client),
      {
        ID: ({ id }) => id,
        Name: ({ name }) => name,
        Kind: ({ kind }) => kind.toLowerCase(),
        Where: ({ host }) => host,
        'Fails since': ({ failingSince }) => moment(failingSince),
      },
      'There is no channel yet.',
    );
  });
  asking(
    channel
      .command('add <name>')
      .description(
        'secrets come from the environment: PLUMBLINE_CHANNEL_URL, PLUMBLINE_CHANNEL_SECRET, PLUMBLINE_CHANNEL_PASSWORD',
      )
      .requiredOption('--kind <kind>', 'smtp, webhook, wecom, dingtalk or feishu')
      .option('--at <url>', 'address of a webhook; a robot’s is a secret, so better in PLUMBLINE_CHANNEL_URL')
      .option('--host <host>', 'of the mail server')
      .option('--port <n>', 'of the mail server', wholeNumber)
      .option('--tls <tls>', 'none, starttls (default) or tls')
      .option('--username <name>', 'of the mail account')
      .option('--from <address>', 'who the mail is from'),
    async ({ client, json }, name: string, { kind, at, tls, ...rest }: Record<string, string | undefined>) => {
      const { PLUMBLINE_CHANNEL_URL, PLUMBLINE_CHANNEL_SECRET, PLUMBLINE_CHANNEL_PASSWORD } = process.env;
      const { channel: added } = await client.change<{ channel: Channel }>(
        `mutation ($name: String!, $kind: ChannelKind!, $url: String, $secret: String, $host: String, $port: Int, $tls: MailTls,
                   $username: String, $password: String, $from: String) {
           addChannel(name: $name, kind: $kind, url: $url, secret: $secret, host: $host, port: $port, tls: $tls,
                      username: $username, password: $password, from: $from) { channel { ${FIELDS} } ${ERRORS} } }`,
        {
          ...{ name, kind: kind?.toUpperCase(), url: at ?? PLUMBLINE_CHANNEL_URL, secret: PLUMBLINE_CHANNEL_SECRET },
          ...{ host: rest['host'], port: rest['port'], username: rest['username'], from: rest['from'] },
          ...{ tls: tls?.toUpperCase(), password: PLUMBLINE_CHANNEL_PASSWORD },
        },
      );
      writeFacts({ json }, added, {
        ID: added.id,
        Name: added.name,
        Kind: added.kind.toLowerCase(),
        Where: added.host,
      });
    },
  );
  asking(
    channel
      .command('test <name>')
      .description('send a test message now')
      .option('--to <address>', 'for mail; may be repeated', several, [])
      .option('--language <language>', 'zh or en', 'zh'),
    async ({ client, json }, name: string, { to, language }: { to: string[]; language: string }) => {
      const { id } = await findChannel(client, name);
      const { message } = await client.change<{ message: Message }>(
        `mutation ($id: ID!, $to: [String!], $language: NoticeLanguage) {
           testChannel(id: $id, recipients: $to, language: $language) { message { ${MESSAGE} } ${ERRORS} } }`,
        { id, to, language: language.toUpperCase() },
      );
      writeFacts({ json }, message, { State: message.state.toLowerCase(), Answer: message.answer });
      if (message.state !== 'SENT') process.exitCode = EXIT.bad;
    },
  );
  asking(
    channel.command('remove <name>').description('send nothing on it any more, and forget its secrets'),
    async ({ client, json }, name: string) => {
      const { id } = await findChannel(client, name);
      const { channel: removed } = await client.change<{ channel: Channel }>(
        `mutation ($id: ID!) { removeChannel(id: $id) { channel { ${FIELDS} } ${ERRORS} } }`,
        { id },
      );
      writeFacts({ json }, removed, { Removed: removed.name });
    },
  );
  asking(
    channel
      .command('messages')
      .description('what was sent, waits or was given up; newest first')
      .option('--state <state>', 'waiting, sent or failed; may be repeated', several)
      .option('--limit <n>', 'how many', wholeNumber, 50),
    async ({ client, json }, { state, limit }: { state?: string[]; limit: number }) => {
      const { messages } = await client.ask<{ messages: { nodes: Message[] } }>(
        `query ($states: [MessageState!], $first: Int) { messages(states: $states, first: $first) { nodes { ${MESSAGE} } } }`,
        { states: state?.map((one) => one.toUpperCase()), first: limit },
      );
      writeRows(
        { json },
        messages.nodes,
        {
          ID: ({ id }) => id,
          When: ({ madeAt }) => moment(madeAt),
          Channel: ({ channelName }) => channelName,
          Subject: ({ subject }) => subject,
          To: ({ recipients }) => recipients.join(', '),
          State: ({ state: now }) => now.toLowerCase(),
          Tries: ({ attempts }) => attempts,
          Answer: ({ answer }) => answer,
        },
        'No message matches.',
      );
    },
  );
}

const allChannels = async (client: Client): Promise<Channel[]> =>
  (await client.ask<{ channels: Channel[] }>(`{ channels { ${FIELDS} } }`)).channels;

/** A channel by its name (in any case) or its id. @throws {CommandFailed} that lists the names there are. */
export async function findChannel(client: Client, wanted: string): Promise<Channel> {
  const channels = await allChannels(client);
  const found = channels.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase());
  if (found) return found;
  const names = channels.map(({ name }) => `"${name}"`).join(', ');
  throw new CommandFailed(`There is no channel "${wanted}". There are: ${names || 'none yet'}.`, EXIT.input);
}
