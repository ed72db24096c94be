import { type ChannelKind } from '../channel.js';
import { sendByMail } from './mail.js';
import { type Sender } from './parcel.js';
import { sendByRobot } from './robots.js';
import { sendByWebhook } from './webhook.js';

/** How each kind of channel sends. */
export const SENDERS: Readonly<Record<ChannelKind, Sender>> = {
  smtp: sendByMail,
  webhook: sendByWebhook,
  wecom: sendByRobot,
  dingtalk: sendByRobot,
  feishu: sendByRobot,
};
