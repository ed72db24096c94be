export const CHANNEL_KINDS = ['smtp', 'webhook', 'wecom', 'dingtalk', 'feishu'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];

export const MAIL_TLS = ['none', 'starttls', 'tls'] as const;
export type MailTls = (typeof MAIL_TLS)[number];

/** What may be shown of a channel. */
export interface ChannelSettings {
  /** Of mail: the server; of others: where they are, without what is secret in the address. */
  readonly host: string;
  readonly port?: number;
  readonly tls?: MailTls;
  readonly username?: string;
  readonly from?: string;
  /** Of a webhook. A robot's address is a secret. */
  readonly url?: string;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: ChannelKind;
  readonly settings: ChannelSettings;
  readonly hasSecret: boolean;
  readonly createdAt: Date;
  /** Nothing gets through since then. */
  readonly failingSince: Date | null;
}

/** What is sealed. */
export interface ChannelSecrets {
  /** A robot's whole address. */
  readonly url?: string;
  /** Signs what is posted. */
  readonly secret?: string;
  /** Of the mail account. */
  readonly password?: string;
}

/** Messages that a channel takes in a minute. The robots' own limit is 20, and who goes over it is shut out for minutes. */
export const perMinute = (kind: ChannelKind): number => (kind === 'smtp' || kind === 'webhook' ? 120 : 20);
