import { Module } from '@nestjs/common';

import { Receivers } from './receivers.js';
import { RunEventSender } from './run-event-sender.js';
import { RunFactsStore } from './run-facts.store.js';

@Module({ providers: [Receivers, RunFactsStore, RunEventSender], exports: [Receivers, RunEventSender, RunFactsStore] })
export class RunEventsModule {}
