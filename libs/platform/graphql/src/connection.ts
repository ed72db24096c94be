import { type Type } from '@nestjs/common';
import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { type Page, type PageRequest, pageRequest } from '#kernel';

@ObjectType({ description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field() hasNextPage: boolean;
  @Field() hasPreviousPage: boolean;
  @Field(() => String, { nullable: true }) startCursor: string | null;
  @Field(() => String, { nullable: true }) endCursor: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many rows, 1 to 500. 50 when not given.' }) first?:
    number | null;
  @Field(() => String, { nullable: true, description: 'Rows after this cursor (pageInfo.endCursor).' }) after?:
    string | null;
}

/** The checked page request of a list's arguments. */
export const pageOf = ({ first, after }: PageArgs): PageRequest => pageRequest(first, after);

export interface Edge<T> {
  readonly cursor: string;
  readonly node: T;
}

export interface Connection<T> {
  readonly edges: Edge<T>[];
  readonly nodes: T[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number;
}

/** A Relay connection type for lists of an object type: `const RuleConnection = connectionOf(RuleType, 'QualityRule')`. */
export function connectionOf<T extends object>(item: Type<T>, name: string): Type<Connection<T>> {
  @ObjectType(`${name}Edge`)
  class ItemEdge implements Edge<T> {
    @Field() cursor: string;
    @Field(() => item) node: T;
  }

  @ObjectType(`${name}Connection`)
  class ItemConnection implements Connection<T> {
    @Field(() => [ItemEdge]) edges: ItemEdge[];
    @Field(() => [item], { description: 'The nodes of the edges, for short.' }) nodes: T[];
    @Field(() => PageInfo) pageInfo: PageInfo;
    @Field(() => Int, { description: 'Rows in the whole list under these filters.' }) totalCount: number;
  }

  return ItemConnection;
}

/** Fills a connection from a page of the store. */
export function toConnection<R, T>(
  { items, hasNext, total }: Page<R>,
  toNode: (row: R) => T,
  cursorOf: (row: R) => string,
  after?: string | null,
): Connection<T> {
  const edges = items.map((row) => ({ cursor: cursorOf(row), node: toNode(row) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: hasNext,
      hasPreviousPage: after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: total,
  };
}
