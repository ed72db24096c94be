/** What somebody can be told of. */
export const NOTICE_EVENTS = [
  'incident_opened',
  'incident_reopened',
  'incident_flapping',
  'incident_escalated',
  'incident_resolved',
  'waiver_requested',
  'waiver_decided',
  'waiver_expiring',
  'waiver_ended',
  'report_made',
  'channel_failing',
  'test',
] as const;
export type NoticeEvent = (typeof NOTICE_EVENTS)[number];

export const NOTICE_LANGUAGES = ['zh', 'en'] as const;
export type NoticeLanguage = (typeof NOTICE_LANGUAGES)[number];

export const NOTICE_SEVERITIES = ['S1', 'S2', 'S3', 'S4'] as const;
export type NoticeSeverity = (typeof NOTICE_SEVERITIES)[number];

/** The same in both languages. */
export type Said = Readonly<Record<NoticeLanguage, string>>;

/** What a notice says: names, numbers, states and times. Never a value of somebody's data. */
export interface NoticeContent {
  readonly title: Said;
  readonly facts: readonly { readonly label: Said; readonly value: Said }[];
  /** Of a page of the web UI: /incidents/… */
  readonly path: string;
}

export interface Attachment {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

/** Somebody who is told whatever he subscribed to: a report goes to those whom its schedule names. */
export interface Addressee {
  readonly channelId: string;
  /** Addresses of mail; empty for other channels. */
  readonly recipients: readonly string[];
  readonly language: NoticeLanguage;
}

/** Something that happened, to be told to whoever subscribed to it. */
export interface Notice extends NoticeContent {
  readonly event: NoticeEvent;
  /** Told twice under one key, it is told once. */
  readonly key: string;
  /** What it is about, for instance "incident <id>": in a digest the last notice about a thing stands for all. */
  readonly about: string;
  readonly severity?: NoticeSeverity;
  readonly sourceId?: string;
  readonly domain?: string;
  readonly owner?: string;
  /** Only mail carries them. */
  readonly attachments?: readonly Attachment[];
  /** Besides those who subscribed. */
  readonly to?: readonly Addressee[];
}

/** What is the same in both languages. */
export const same = (text: string): Said => ({ zh: text, en: text });
