import { Injectable } from '@nestjs/common';
import { Args, Field, ID, InterfaceType, Query, Resolver } from '@nestjs/graphql';
import { InvalidInput, NotFound } from '#kernel';

import { SignedIn } from './access.js';

@InterfaceType({
  description: 'Anything with a global id.',
  resolveType: (value: Node) => readId(value.id)?.type,
})
export abstract class Node {
  @Field(() => ID, { description: 'Opaque; the same for ever, whatever the thing is renamed to.' }) id: string;
}

/** Types whose rows are numbered; all others have UUIDs. */
const NUMBERED = new Set(['LineageNode']);
const NUMBER = /^[1-9][0-9]{0,17}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The global id of a row: `globalId('Source', source.id)`. */
export const globalId = (type: string, id: string): string => Buffer.from(`${type}:${id}`).toString('base64url');

function readId(id: string): { type: string; local: string } | undefined {
  const text = Buffer.from(id, 'base64url').toString('utf8');
  const colon = text.indexOf(':');
  const [type, local] = [text.slice(0, colon), text.slice(colon + 1)];
  return colon > 0 && (NUMBERED.has(type) ? NUMBER : UUID).test(local) ? { type, local } : undefined;
}

/**
 * The row's id in a global id that must be of a type.
 * @param path where in the input the id stands.
 * @throws {InvalidInput}
 */
export function localId(type: string, id: string, ...path: readonly string[]): string {
  const read = readId(id);
  if (read?.type === type) return read.local;
  const what = read ? `is the id of a ${read.type}` : 'is not an id of this catalog';
  throw new InvalidInput(`${JSON.stringify(id)} ${what}; the id of a ${type} is wanted here.`, [], path);
}

/**
 * The row's id in a global id that must be of one of some types, with its type.
 * @throws {InvalidInput}
 */
export function localIdOf<T extends string>(
  types: readonly T[],
  id: string,
  ...path: readonly string[]
): { readonly type: T; readonly id: string } {
  const read = readId(id);
  const type = types.find((each) => each === read?.type);
  return { type: type ?? types[0]!, id: localId(type ?? types.join(' or a '), id, ...path) };
}

/** The row's id in a global id of any type. @throws {InvalidInput} */
export function anyLocalId(id: string, ...path: readonly string[]): string {
  const read = readId(id);
  if (!read) throw new InvalidInput(`${JSON.stringify(id)} is not an id of this catalog.`, [], path);
  return read.local;
}

type Fetch = (id: string) => Promise<Node>;

/** Where domains say how one of their things is fetched by id: `nodes.add('Source', (id) => …)` in a face module. */
@Injectable()
export class Nodes {
  private readonly fetchers = new Map<string, Fetch>();

  add(type: string, fetch: Fetch): void {
    this.fetchers.set(type, fetch);
  }

  /** The thing with a global id; null when there is none. */
  async fetch(id: string): Promise<Node | null> {
    const read = readId(id);
    const fetch = read && this.fetchers.get(read.type);
    if (!read || !fetch) throw new InvalidInput(`${JSON.stringify(id)} is not an id of this catalog.`, [], ['id']);
    try {
      return await fetch(read.local);
    } catch (error) {
      if (error instanceof NotFound) return null;
      throw error;
    }
  }
}

@Resolver(() => Node)
export class NodeResolver {
  constructor(private readonly nodes: Nodes) {}

  @SignedIn()
  @Query(() => Node, { nullable: true, description: 'Anything by its global id; null when it does not exist.' })
  node(@Args('id', { type: () => ID }) id: string): Promise<Node | null> {
    return this.nodes.fetch(id);
  }
}
