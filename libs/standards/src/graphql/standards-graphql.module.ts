import { Module, type OnModuleInit } from '@nestjs/common';
import { Nodes } from '#platform/graphql';

import { CodeSets } from '../code-sets.js';
import { DataElements } from '../data-elements.js';
import { Mappings } from '../mappings.js';
import { StandardsModule } from '../standards.module.js';
import { CodeSetResolver } from './code-set.resolver.js';
import { toCodeSetType } from './code-set.types.js';
import { ComplianceResolver } from './compliance.resolver.js';
import { DataElementResolver, DataElementVersionResolver } from './data-element.resolver.js';
import { toDataElementType } from './data-element.types.js';
import { MappingResolver } from './mapping.resolver.js';
import { toStandardMappingType } from './mapping.types.js';

/** The standards and how the sources hold to them. */
@Module({
  imports: [StandardsModule],
  providers: [CodeSetResolver, DataElementResolver, DataElementVersionResolver, MappingResolver, ComplianceResolver],
})
export class StandardsGraphqlModule implements OnModuleInit {
  constructor(
    private readonly nodes: Nodes,
    private readonly codeSets: CodeSets,
    private readonly elements: DataElements,
    private readonly mappings: Mappings,
  ) {}

  onModuleInit(): void {
    this.nodes.add('CodeSet', async (id) => toCodeSetType(await this.codeSets.get(id)));
    this.nodes.add('DataElement', async (id) => toDataElementType(await this.elements.get(id)));
    this.nodes.add('StandardMapping', async (id) => toStandardMappingType(await this.mappings.get(id)));
  }
}
