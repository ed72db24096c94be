import { Module, type OnModuleInit } from '@nestjs/common';
import { type Actor } from '#kernel';
import { Nodes } from '#platform/graphql';

import { GoldenRecords } from '../golden-records.js';
import { MasterDataModule } from '../master-data.module.js';
import { MasterEntities } from '../master-entities.js';
import { GoldenRecordResolver } from './golden-record.resolver.js';
import { toGoldenRecordType } from './golden-record.types.js';
import { MasterEntityResolver } from './master-entity.resolver.js';
import { toMasterEntityType } from './master-entity.types.js';

/** `node(id)` does not say who asks, so its identifier is masked there for everybody; `goldenRecord(id)` shows it. */
const SOMEBODY: Actor = { kind: 'system', id: 'node', name: 'node', roles: [] };

/** Master data and the golden records. */
@Module({ imports: [MasterDataModule], providers: [MasterEntityResolver, GoldenRecordResolver] })
export class MasterDataGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly entities: MasterEntities,
    private readonly records: GoldenRecords,
  ) {}

  onModuleInit(): void {
    this.nodes.add('MasterEntity', async (id) => toMasterEntityType(await this.entities.get(id)));
    this.nodes.add('GoldenRecord', async (id) => toGoldenRecordType(await this.records.get(SOMEBODY, id)));
  }
}
