import { ArgsType, Field, ID, Int } from '@nestjs/graphql';
import { type DirectionName } from '../direction.js';
import { type EdgeTypeName, type Level, MOST_NODES } from '../graph/question.js';
import { type EdgeOrigin } from '../script.entity.js';
import { DirectionEnum, EdgeOriginEnum, EdgeTypeEnum, LevelEnum } from './lineage.enums.js';

@ArgsType()
export class EdgeFilterArgs {
  @Field(() => [EdgeTypeEnum], { nullable: true, description: 'Both when not given.' }) kinds?: EdgeTypeName[] | null;
  @Field(() => [EdgeOriginEnum], { nullable: true, description: 'All when not given.' }) origins?: EdgeOrigin[] | null;
}

@ArgsType()
export class AsOfArgs extends EdgeFilterArgs {
  @Field(() => Date, { nullable: true, description: 'Lineage as it was then; now when not given.' })
  asOf?: Date | null;
  @Field(() => Date, { nullable: true, description: 'As we knew it then; now when not given.' })
  knownAt?: Date | null;
  @Field(() => Int, { nullable: true, description: 'Edges on the way, at most; no limit when not given.' }) depth?:
    number | null;
}

export const OF = 'Global id of a Field, a Dataset or a LineageNode.';
export const LEVEL =
  'By COLUMN, a dataset stands for all its columns. By DATASET, a column stands for its dataset and kinds do not count.';

@ArgsType()
export class ImpactArgs extends AsOfArgs {
  @Field(() => ID, { description: OF }) of: string;
}

@ArgsType()
export class NodeNameArgs {
  @Field({ description: 'Of the dataset or the job, in its namespace.' }) name: string;
  @Field(() => String, { nullable: true, description: 'Any when not given.' }) namespace?: string | null;
  @Field(() => String, { nullable: true, description: 'The dataset or the job itself when not given.' }) column?:
    string | null;
}

@ArgsType()
export class LineageArgs extends ImpactArgs {
  @Field(() => DirectionEnum, { defaultValue: 'both' }) direction: DirectionName;
  @Field(() => LevelEnum, { defaultValue: 'column', description: LEVEL }) level: Level;
  @Field(() => Int, { defaultValue: 1_000, description: `Nodes of a page, up to ${MOST_NODES}.` }) first: number;
  @Field(() => String, { nullable: true, description: 'Nodes after this cursor (pageInfo.endCursor).' }) after?:
    string | null;
}

@ArgsType()
export class PathsArgs extends AsOfArgs {
  @Field(() => ID, { description: OF }) from: string;
  @Field(() => ID, { description: OF }) to: string;
  @Field(() => LevelEnum, { defaultValue: 'column', description: LEVEL }) level: Level;
  @Field(() => Int, { defaultValue: 10, description: 'Most paths, up to 1000.' }) first: number;
}
