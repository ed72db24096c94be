import { Module, type OnModuleInit } from '@nestjs/common';
import { SourcesGraphqlModule } from '#graphql/sources';
import { Nodes } from '#platform/graphql';

import { Datasets } from '../datasets.js';
import { DictionaryModule } from '../dictionary.module.js';
import { Fields } from '../fields.js';
import { Renames } from '../renames.js';
import { Routines } from '../routines.js';
import { SchemaHistory } from '../schema-history.js';
import {
  DatasetFieldsResolver,
  EffectiveLevelFieldsResolver,
  FieldFieldsResolver,
  SchemaVersionFieldsResolver,
} from './asset.resolvers.js';
import { DatasetLoader, FieldLoader, SchemaLoader } from './dictionary.loaders.js';
import { DictionaryResolver, SearchHitResolver } from './dictionary.resolver.js';
import { HistoryResolver, RenameFieldsResolver, SchemaChangeFieldsResolver } from './history.resolver.js';
import { toRenameType } from './history.types.js';
import { RoutineResolver } from './routine.resolver.js';
import { toRoutineType } from './routine.types.js';
import { toDatasetType, toFieldType, toSchemaVersionType } from './dictionary.types.js';

/** The data dictionary. */
@Module({
  imports: [DictionaryModule, SourcesGraphqlModule],
  providers: [
    DictionaryResolver,
    SearchHitResolver,
    DatasetFieldsResolver,
    FieldFieldsResolver,
    SchemaVersionFieldsResolver,
    EffectiveLevelFieldsResolver,
    HistoryResolver,
    RoutineResolver,
    RenameFieldsResolver,
    SchemaChangeFieldsResolver,
    DatasetLoader,
    FieldLoader,
    SchemaLoader,
  ],
  exports: [DatasetLoader, FieldLoader],
})
export class DictionaryGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly datasets: Datasets,
    private readonly fields: Fields,
    private readonly history: SchemaHistory,
    private readonly renames: Renames,
    private readonly routines: Routines,
  ) {}

  onModuleInit(): void {
    this.nodes.add('Dataset', async (id) => toDatasetType(await this.datasets.get(id)));
    this.nodes.add('Field', async (id) => toFieldType(await this.fields.get(id)));
    this.nodes.add('Routine', async (id) => toRoutineType(await this.routines.get(id)));
    this.nodes.add('Rename', async (id) => toRenameType(await this.renames.get(id)));
    this.nodes.add('SchemaVersion', async (id) => toSchemaVersionType(await this.history.get(id)));
  }
}
