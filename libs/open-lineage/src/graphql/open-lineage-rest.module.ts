import { Module } from '@nestjs/common';

import { Marquez } from '../marquez.js';
import { MarquezStore } from '../marquez.store.js';
import { OpenLineageModule } from '../open-lineage.module.js';
import { MarquezController } from './marquez.controller.js';

/** The REST face that producers of OpenLineage events and readers of Marquez's API know. */
@Module({
  imports: [OpenLineageModule],
  controllers: [MarquezController],
  providers: [MarquezStore, Marquez],
})
export class OpenLineageRestModule {}
