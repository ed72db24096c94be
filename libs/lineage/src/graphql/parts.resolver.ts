import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { DatasetLoader, DatasetType, FieldLoader, FieldType } from '#graphql/dictionary';
import { type GraphqlContext, localId } from '#platform/graphql';

import { DatasetCoverageType, toCoverageType } from './coverage.types.js';
import {
  LineageCodeType,
  LineageEdgeType,
  LineageNodeType,
  LineagePlaceType,
  toCodeType,
  toPlaceType,
} from './graph.types.js';
import { LineageScriptType, LineageStatementType, toScriptType, toStatementType } from './script.types.js';
import { LineageLoader } from './lineage.loader.js';

/** The dictionary's row of a node, if it has one. */
@Resolver(() => LineageNodeType)
export class LineageNodeResolver {
  constructor(
    private readonly datasets: DatasetLoader,
    private readonly fields: FieldLoader,
  ) {}

  @ResolveField(() => DatasetType, { nullable: true, description: 'The dataset, if the catalog knows it.' })
  async dataset(@Parent() { datasetId }: LineageNodeType, @Context() context: GraphqlContext) {
    if (datasetId === null) return null;
    return (await this.datasets.byId(context).load(localId('Dataset', datasetId))) ?? null;
  }

  @ResolveField(() => FieldType, { nullable: true, description: 'The field, for a column that the catalog knows.' })
  async field(@Parent() { fieldId }: LineageNodeType, @Context() context: GraphqlContext) {
    if (fieldId === null) return null;
    return (await this.fields.byId(context).load(localId('Field', fieldId))) ?? null;
  }
}

@Resolver(() => DatasetType)
export class DatasetCoverageResolver {
  constructor(private readonly loader: LineageLoader) {}

  @ResolveField(() => DatasetCoverageType, { description: 'How many of its columns have a known origin.' })
  async lineageCoverage(@Parent() { datasetId }: DatasetType, @Context() context: GraphqlContext) {
    const found = await this.loader.coverage(context).load(datasetId);
    return found ? toCoverageType(found) : null;
  }
}

@Resolver(() => LineageEdgeType)
export class LineageEdgeResolver {
  constructor(private readonly loader: LineageLoader) {}

  @ResolveField(() => LineagePlaceType, { nullable: true, description: 'The statement that says so.' })
  async place(@Parent() edge: LineageEdgeType, @Context() context: GraphqlContext): Promise<LineagePlaceType | null> {
    const found = edge.statementKey === null ? undefined : await this.loader.place(context).load(edge.statementKey);
    return found ? toPlaceType(found, localId('LineageScript', edge.scriptId)) : null;
  }
}

@Resolver(() => LineagePlaceType)
export class LineagePlaceResolver {
  constructor(private readonly loader: LineageLoader) {}

  @ResolveField(() => LineageCodeType, { nullable: true, description: 'The code that the statement stands in.' })
  async code(@Parent() { code, scriptId }: LineagePlaceType, @Context() context: GraphqlContext) {
    if (!code) return null;
    return toCodeType(code, (await this.loader.script(context).load(scriptId))?.text ?? '');
  }
}

@Resolver(() => LineageScriptType)
export class LineageScriptResolver {
  constructor(private readonly loader: LineageLoader) {}

  @ResolveField(() => [LineageStatementType], { description: 'In order.' })
  async statements(@Parent() script: LineageScriptType, @Context() context: GraphqlContext) {
    const found = await this.loader.statements(context).load(localId('LineageScript', script.id));
    return (found ?? []).map(toStatementType);
  }
}

@Resolver(() => LineageStatementType)
export class LineageStatementResolver {
  constructor(private readonly loader: LineageLoader) {}

  @ResolveField(() => LineageScriptType)
  async script(@Parent() statement: LineageStatementType, @Context() context: GraphqlContext) {
    const found = await this.loader.script(context).load(statement.scriptId);
    return found ? toScriptType(found) : null;
  }

  @ResolveField(() => String, { description: 'The statement itself.' })
  async text(@Parent() { scriptId, start, end }: LineageStatementType, @Context() context: GraphqlContext) {
    return (await this.loader.script(context).load(scriptId))?.text.slice(start, end) ?? '';
  }
}
