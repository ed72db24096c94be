import { Module } from '@nestjs/common';

import { RunEventsModule } from '../run-events.module.js';
import { ReceiverResolver } from './receiver.resolver.js';

/** Who is told what our own jobs do. */
@Module({ imports: [RunEventsModule], providers: [ReceiverResolver] })
export class RunEventsGraphqlModule {}
