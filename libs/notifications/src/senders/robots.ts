import { post, saysTryAgain } from '#platform/outbound';

import { type ChannelKind } from '../channel.js';
import { ChannelRefused } from '../notifications.errors.js';
import { cutToBytes } from '../render.js';
import { type Parcel, type Sender } from './parcel.js';
import { dingtalkSignature, feishuSignature } from './signatures.js';

interface Robot {
  /** Most bytes of a text. */
  readonly longest: number;
  request(text: string, parcel: Parcel): { readonly url: string; readonly body: object };
  /** Codes of answers that mean: later. A robot answers HTTP 200 also when it refuses. */
  readonly later: readonly number[];
}

/**
 * Robots get plain text: in their Markdown, the name of a table could become a link.
 */
const ROBOTS: Readonly<Record<Exclude<ChannelKind, 'smtp' | 'webhook'>, Robot>> = {
  wecom: {
    longest: 2_048,
    request: (content, { secrets }) => ({ url: secrets.url ?? '', body: { msgtype: 'text', text: { content } } }),
    later: [-1, 45009],
  },
  dingtalk: {
    longest: 16_000,
    request(content, { secrets: { url = '', secret }, at }) {
      const address = new URL(url);
      if (secret !== undefined) {
        address.searchParams.set('timestamp', String(at.getTime()));
        address.searchParams.set('sign', dingtalkSignature(secret, at.getTime()));
      }
      return { url: address.href, body: { msgtype: 'text', text: { content } } };
    },
    later: [-1, 130101, 130102],
  },
  feishu: {
    longest: 16_000,
    request(text, { secrets: { url = '', secret }, at }) {
      const seconds = Math.floor(at.getTime() / 1_000);
      const signed = secret === undefined ? {} : { timestamp: String(seconds), sign: feishuSignature(secret, seconds) };
      // <at …> in a text calls people.
      return { url, body: { ...signed, msg_type: 'text', content: { text: text.replaceAll('<', '＜') } } };
    },
    later: [9499, 11232],
  },
};

/** Posts to a robot of WeCom, DingTalk or Feishu. */
export const sendByRobot: Sender = async (parcel, signal) => {
  const { channel, subject, body } = parcel;
  const { kind, name } = channel;
  if (kind === 'smtp' || kind === 'webhook') throw new Error(`A channel of ${kind} is no robot.`);
  const robot = ROBOTS[kind];
  const text = body.startsWith(subject) ? body : `${subject}\n${body}`;
  const request = robot.request(cutToBytes(text, robot.longest), parcel);
  const answer = await post(
    { title: `the channel "${name}"`, url: request.url },
    JSON.stringify(request.body),
    {},
    signal,
  );
  if (!answer.ok) {
    if (saysTryAgain(answer)) throw new Error(`The channel "${name}" answers HTTP ${answer.status}.`);
    throw new ChannelRefused(name, `HTTP ${answer.status}`);
  }
  const { code, words } = verdictOf(answer.said);
  if (code === 0) return `code 0`;
  if (code === undefined || robot.later.includes(code))
    throw new Error(`The channel "${name}" answers code ${code ?? 'none'}${words}.`);
  throw new ChannelRefused(name, `code ${code}${words}`);
};

/** What a robot says of a message it was given: WeCom and DingTalk `errcode`, Feishu `code`. */
function verdictOf(said: string): { readonly code: number | undefined; readonly words: string } {
  try {
    const { errcode, code, errmsg, msg } = JSON.parse(said) as Record<string, unknown>;
    const number = errcode ?? code;
    const words = errmsg ?? msg;
    return {
      code: typeof number === 'number' ? number : undefined,
      words: typeof words === 'string' ? ` (${words.slice(0, 200)})` : '',
    };
  } catch {
    return { code: undefined, words: '' };
  }
}
