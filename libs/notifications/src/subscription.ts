import { InvalidInput } from '#kernel';

import { type Channel } from './channel.js';
import { checkedMailAddress } from './channels.js';
import {
  NOTICE_EVENTS,
  NOTICE_LANGUAGES,
  NOTICE_SEVERITIES,
  type NoticeEvent,
  type NoticeLanguage,
  type NoticeSeverity,
} from './notice.js';
import { type TellingTimes, whenToTell } from './when.js';

/** Who is told what. Empty lists of filters mean all. */
export interface SubscriptionWish extends TellingTimes {
  readonly channelId: string;
  readonly name: string;
  /** Addresses, on a channel of mail. */
  readonly recipients: readonly string[];
  readonly events: readonly NoticeEvent[];
  readonly severities: readonly NoticeSeverity[];
  readonly domains: readonly string[];
  readonly sourceIds: readonly string[];
  readonly owners: readonly string[];
  readonly language: NoticeLanguage;
}

export interface Subscription extends SubscriptionWish {
  readonly id: string;
  readonly createdAt: Date;
  readonly createdBy: string;
}

const MOST_RECIPIENTS = 50;
const MOST_FILTERS = 200;

/** @throws {InvalidInput} with the place of the fault. */
export function checkedSubscription(wish: SubscriptionWish, { kind }: Channel): SubscriptionWish {
  const name = wish.name.trim();
  if (name === '' || name.length > 200)
    throw new InvalidInput('Give the subscription a name of 1 to 200 characters.', [], ['name']);
  const events = among(wish.events, NOTICE_EVENTS, 'events');
  if (events.length === 0)
    throw new InvalidInput(`Say what is to be told: ${NOTICE_EVENTS.join(', ')}.`, [], ['events']);
  among([wish.language], NOTICE_LANGUAGES, 'language');
  checkTimes(wish);
  return {
    ...wish,
    ...{ name, events, recipients: checkedRecipients(wish.recipients, kind === 'smtp', ['recipients']) },
    severities: among(wish.severities, NOTICE_SEVERITIES, 'severities'),
    domains: filterOf(wish.domains, 'domains'),
    owners: filterOf(wish.owners, 'owners'),
    sourceIds: filterOf(wish.sourceIds, 'sourceIds'),
  };
}

/** @throws {InvalidInput} when mail goes to nobody, or anything else to a mail address. */
export function checkedRecipients(given: readonly string[], byMail: boolean, path: readonly string[]): string[] {
  if (!byMail && given.length > 0)
    throw new InvalidInput('Only mail has recipients; this channel goes where its address leads.', [], path);
  if (byMail && (given.length === 0 || given.length > MOST_RECIPIENTS))
    throw new InvalidInput(`Give 1 to ${MOST_RECIPIENTS} mail addresses.`, [], path);
  return [...new Set(given.map((address, at) => checkedMailAddress(address, [...path, String(at)])))];
}

function checkTimes({ timeZone, quiet, digest, urgentAtOnce }: TellingTimes): void {
  for (const [place, time] of [
    ['quietFrom', quiet?.from],
    ['quietTo', quiet?.to],
    ['digestAt', digest && 'at' in digest ? digest.at : undefined],
  ] as const)
    if (time !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(time))
      throw new InvalidInput(
        `${JSON.stringify(time)} is no time of day. Write it as HH:MM, for instance 08:30.`,
        [],
        [place],
      );
  if (quiet && quiet.from === quiet.to)
    throw new InvalidInput('Quiet hours that end when they begin last for ever or never.', [], ['quietTo']);
  if (
    digest &&
    'minutes' in digest &&
    !(Number.isInteger(digest.minutes) && digest.minutes >= 1 && digest.minutes <= 1_440)
  )
    throw new InvalidInput('A digest comes every 1 to 1440 minutes.', [], ['digestMinutes']);
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new InvalidInput(
      `There is no time zone ${JSON.stringify(timeZone)}. Write its name in the IANA list, for instance "Asia/Shanghai".`,
      [],
      ['timeZone'],
    );
  }
  // What cannot be reckoned is refused now, not when something happened.
  whenToTell(new Date(), undefined, { timeZone, quiet, digest, urgentAtOnce });
}

function among<T extends string>(given: readonly T[], known: readonly T[], place: string): T[] {
  const stranger = given.find((each) => !known.includes(each));
  if (stranger !== undefined)
    throw new InvalidInput(`${JSON.stringify(stranger)} is none of ${known.join(', ')}.`, [], [place]);
  return [...new Set(given)];
}

function filterOf(given: readonly string[], place: string): string[] {
  const filter = [...new Set(given.map((each) => each.trim()).filter((each) => each !== ''))];
  if (filter.length > MOST_FILTERS) throw new InvalidInput(`At most ${MOST_FILTERS} can be named.`, [], [place]);
  return filter;
}
