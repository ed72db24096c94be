import { Module } from '@nestjs/common';

import { NotificationsModule } from '../notifications.module.js';
import { ChannelResolver } from './channel.resolver.js';
import { DeliveryResolver } from './delivery.resolver.js';
import { SubscriptionResolver } from './subscription.resolver.js';

/** Who is told what, and what became of it. */
@Module({ imports: [NotificationsModule], providers: [ChannelResolver, SubscriptionResolver, DeliveryResolver] })
export class NotificationsGraphqlModule {}
