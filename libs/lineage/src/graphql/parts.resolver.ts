import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type GraphqlContext, localId } from '#platform/graphql';

import {
  LineageEdgeType,
  LineagePlaceType,
  LineageScriptType,
  LineageStatementType,
  toPlaceType,
  toScriptType,
  toStatementType,
} from './lineage.types.js';
import { LineageLoader } from './lineage.loader.js';

@Resolver(() => LineageEdgeType)
export class LineageEdgeResolver {
  constructor(private readonly loader: LineageLoader) {}

  @ResolveField(() => LineagePlaceType, { nullable: true, description: 'The statement that says so.' })
  async place(@Parent() edge: LineageEdgeType, @Context() context: GraphqlContext): Promise<LineagePlaceType | null> {
    const found = edge.statementKey === null ? undefined : await this.loader.place(context).load(edge.statementKey);
    return found ? toPlaceType(found) : null;
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
