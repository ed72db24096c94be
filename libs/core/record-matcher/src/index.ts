export { type Cluster, Clustering } from './clusters.js';
export { searchForm, suffixOf } from './search-form.js';
export { type Candidate, survives, Survivors } from './survivorship.js';
