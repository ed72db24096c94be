import { registerEnumType } from '@nestjs/graphql';

import { CHANNEL_KINDS, type ChannelKind, MAIL_TLS, type MailTls } from '../channel.js';
import { DELIVERY_STATES, type DeliveryState } from '../delivery.store.js';
import {
  NOTICE_EVENTS,
  NOTICE_LANGUAGES,
  NOTICE_SEVERITIES,
  type NoticeEvent,
  type NoticeLanguage,
  type NoticeSeverity,
} from '../notice.js';

const enumOf = <T extends string>(values: readonly T[]): Record<string, T> =>
  Object.fromEntries(values.map((value) => [value.toUpperCase(), value]));

export const ChannelKindEnum = enumOf<ChannelKind>(CHANNEL_KINDS);
registerEnumType(ChannelKindEnum, {
  name: 'ChannelKind',
  valuesMap: {
    SMTP: { description: 'Mail.' },
    WEBHOOK: { description: 'JSON, signed.' },
    WECOM: { description: 'A robot of 企业微信.' },
    DINGTALK: { description: 'A robot of 钉钉.' },
    FEISHU: { description: 'A robot of 飞书.' },
  },
});
export const MailTlsEnum = enumOf<MailTls>(MAIL_TLS);
registerEnumType(MailTlsEnum, { name: 'MailTls', description: 'NONE takes no password.' });
export const NoticeEventEnum = enumOf<NoticeEvent>(NOTICE_EVENTS);
registerEnumType(NoticeEventEnum, { name: 'NoticeEvent', description: 'What somebody can be told of.' });
export const NoticeLanguageEnum = enumOf<NoticeLanguage>(NOTICE_LANGUAGES);
registerEnumType(NoticeLanguageEnum, { name: 'NoticeLanguage' });
export const NoticeSeverityEnum = enumOf<NoticeSeverity>(NOTICE_SEVERITIES);
registerEnumType(NoticeSeverityEnum, { name: 'NoticeSeverity', description: 'S1 is the gravest.' });
export const DeliveryStateEnum = enumOf<DeliveryState>(DELIVERY_STATES);
registerEnumType(DeliveryStateEnum, {
  name: 'MessageState',
  valuesMap: { WAITING: { description: 'To be sent, or tried again.' }, FAILED: { description: 'Given up.' } },
});
