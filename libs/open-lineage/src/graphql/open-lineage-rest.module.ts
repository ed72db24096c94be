import { Module } from '@nestjs/common';

import { DictionaryModule } from '#dictionary';

import { MarquezHistoryStore } from '../marquez-history.store.js';
import { Marquez } from '../marquez.js';
import { MarquezStore } from '../marquez.store.js';
import { OpenLineageModule } from '../open-lineage.module.js';
import { MarquezHistoryController } from './marquez-history.controller.js';
import { MarquezTagsController } from './marquez-tags.controller.js';
import { MarquezController } from './marquez.controller.js';
import { NamespaceAliasResolver } from './namespace-alias.resolver.js';

/** The REST face that producers of OpenLineage events and readers of Marquez's API know, and what is ours beside it. */
@Module({
  imports: [OpenLineageModule, DictionaryModule],
  controllers: [MarquezController, MarquezHistoryController, MarquezTagsController],
  providers: [MarquezStore, MarquezHistoryStore, Marquez, NamespaceAliasResolver],
})
export class OpenLineageRestModule {}
