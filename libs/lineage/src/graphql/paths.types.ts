import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { type DirectionName } from '../direction.js';
import { type Level } from '../graph/question.js';
import { type Change, type LineageDifference } from '../lineage-diff.js';
import { type PathsAnswer } from '../lineage-graph.js';
import { EdgeFilterArgs, LEVEL, OF } from './graph.args.js';
import {
  LineageEdgeType,
  LineageNodeType,
  LineageTimesType,
  nodeId,
  toEdgeType,
  toNodeType,
  toTimesType,
} from './graph.types.js';
import { DirectionEnum, LevelEnum } from './lineage.enums.js';

@ObjectType('LineagePath', { description: 'A way by which data gets from one thing to another.' })
export class LineagePathType {
  @Field(() => [ID], { description: 'Ids of nodes, in the direction of the data.' }) nodes: string[];
}

@ObjectType('LineagePaths')
export class LineagePathsType extends LineageTimesType {
  @Field(() => [LineagePathType], {
    description: 'Shortest first. Empty when no data gets there by any way that the catalog knows of.',
  })
  paths: LineagePathType[];
  @Field(() => [LineageNodeType], { description: 'The nodes on the paths.' }) nodes: LineageNodeType[];
  @Field(() => [LineageEdgeType], { description: 'The edges between neighbours on the paths.' })
  edges: LineageEdgeType[];
  @Field({ description: 'There are more paths.' }) truncated: boolean;
}

export const toPathsType = (answer: PathsAnswer): LineagePathsType => ({
  paths: answer.paths.map((path) => ({ nodes: path.map(nodeId) })),
  nodes: answer.nodes.map(toNodeType),
  edges: answer.edges.map(toEdgeType),
  truncated: answer.truncated,
  ...toTimesType(answer),
});

@InputType({ description: 'A moment on both time axes.' })
export class LineageMomentInput {
  @Field(() => Date, { nullable: true, description: 'Lineage as it was then; now when not given.' })
  asOf?: Date | null;
  @Field(() => Date, { nullable: true, description: 'As we knew it then; now when not given.' })
  knownAt?: Date | null;
}

@ArgsType()
export class DiffArgs extends EdgeFilterArgs {
  @Field(() => ID, { description: OF }) of: string;
  @Field(() => LineageMomentInput) from: LineageMomentInput;
  @Field(() => LineageMomentInput, { nullable: true, description: 'Now when not given.' })
  to?: LineageMomentInput | null;
  @Field(() => DirectionEnum, { defaultValue: 'upstream' }) direction: DirectionName;
  @Field(() => LevelEnum, { defaultValue: 'column', description: LEVEL }) level: Level;
  @Field(() => Int, { nullable: true, description: 'Edges on the way, at most; no limit when not given.' }) depth?:
    number | null;
}

@ObjectType('LineageDiff', {
  description: 'How the lineage of something differs between two moments. By whom an edge is said does not count.',
})
export class LineageDiffType {
  @Field(() => [LineageEdgeType], { description: 'There at the second moment and not at the first.' })
  added: LineageEdgeType[];
  @Field(() => [LineageEdgeType], { description: 'There at the first moment and not at the second.' })
  removed: LineageEdgeType[];
  @Field(() => Int, { description: 'Edges that were there both times.' }) unchanged: number;
  @Field(() => [LineageNodeType], { description: 'The nodes that the edges refer to.' }) nodes: LineageNodeType[];
  @Field({ description: 'One of the two goes further than depth allows.' }) truncated: boolean;
  @Field(() => LineageTimesType) from: LineageTimesType;
  @Field(() => LineageTimesType) to: LineageTimesType;
}

export function toDiffType({ changes, nodes, unchanged, truncated, from, to }: LineageDifference): LineageDiffType {
  const edges = (wanted: Change['change']) =>
    changes.filter(({ change }) => change === wanted).map(({ edge }) => toEdgeType(edge));
  return {
    ...{ added: edges('added'), removed: edges('removed'), unchanged, truncated },
    nodes: nodes.map(toNodeType),
    ...{ from: toTimesType(from), to: toTimesType(to) },
  };
}
