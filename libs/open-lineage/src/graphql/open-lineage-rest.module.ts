import { Module } from '@nestjs/common';

import { OpenLineageModule } from '../open-lineage.module.js';

/** The REST face that producers of OpenLineage events and readers of Marquez's API know. */
@Module({ imports: [OpenLineageModule] })
export class OpenLineageRestModule {}
