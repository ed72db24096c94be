import type { Influence } from '../resolve/influence.js';
import type { Reading } from '../resolve/reading.js';
import type { Scope } from '../resolve/scope.js';

/** What an expression of one kind makes of its parts. `data` is the node's data; its type depends on the kind. */
export type Meaning = (data: unknown, scope: Scope, reading: Reading) => Influence[];

/** Kinds of nodes and their meaning. */
export type Meanings = Readonly<Record<string, Meaning>>;
