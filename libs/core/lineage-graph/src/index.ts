export { type Closure, type ClosureQuestion, closureOf } from './closure.js';
export { CompactGraph, GraphBuilder, type Holding, type Mask, type Wanted } from './compact-graph.js';
export { type Direction, type EdgeKind, KIND } from './edge-kind.js';
export { type PathQuestion, type Paths, pathsBetween } from './paths.js';
