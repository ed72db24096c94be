import { Module } from '@nestjs/common';

import { DictionaryModule } from '#dictionary';

import { MarquezHistoryStore } from '../marquez-history.store.js';
import { Marquez } from '../marquez.js';
import { MarquezStore } from '../marquez.store.js';
import { OpenLineageModule } from '../open-lineage.module.js';
import { MarquezHistoryController } from './marquez-history.controller.js';
import { MarquezTagsController } from './marquez-tags.controller.js';
import { MarquezController } from './marquez.controller.js';

/** The REST face that producers of OpenLineage events and readers of Marquez's API know. */
@Module({
  imports: [OpenLineageModule, DictionaryModule],
  controllers: [MarquezController, MarquezHistoryController, MarquezTagsController],
  providers: [MarquezStore, MarquezHistoryStore, Marquez],
})
export class OpenLineageRestModule {}
