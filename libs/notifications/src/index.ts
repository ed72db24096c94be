export { type Channel, CHANNEL_KINDS, type ChannelKind, MAIL_TLS, type MailTls } from './channel.js';
export { Channels, type ChannelWish } from './channels.js';
export { Deliveries } from './deliveries.js';
export { type Delivery, type DeliveryFilter, type DeliveryState } from './delivery.store.js';
export { Messenger } from './messenger.js';
export {
  type Addressee,
  type Attachment,
  type Notice,
  NOTICE_EVENTS,
  NOTICE_LANGUAGES,
  type NoticeContent,
  type NoticeEvent,
  type NoticeLanguage,
  type NoticeSeverity,
  type Said,
  same,
} from './notice.js';
export { Notifications } from './notifications.js';
export { ChannelNameTaken, ChannelRefused, NothingToSendAgain } from './notifications.errors.js';
export { NotificationsModule } from './notifications.module.js';
export { sendMessages } from './send-messages.job.js';
export { type Subscription, type SubscriptionWish } from './subscription.js';
export { Subscriptions } from './subscriptions.js';
