import { Module } from '@nestjs/common';

import { Channels } from './channels.js';
import { Deliveries } from './deliveries.js';
import { DeliveryStore } from './delivery.store.js';
import { Messenger } from './messenger.js';
import { Notifications } from './notifications.js';
import { Subscriptions } from './subscriptions.js';

@Module({
  providers: [Channels, Subscriptions, Notifications, DeliveryStore, Messenger, Deliveries],
  exports: [Channels, Subscriptions, Notifications, Messenger, Deliveries],
})
export class NotificationsModule {}
