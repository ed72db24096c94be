import { Module } from '@nestjs/common';

import { Datasets } from './datasets.js';
import { Entries } from './entries.js';
import { Fields } from './fields.js';
import { Levels } from './levels.js';
import { Renames } from './renames.js';
import { Routines } from './routines.js';
import { SchemaHistory } from './schema-history.js';
import { Search } from './search.js';
import { SearchIndex } from './search-index.js';
import { Snapshots } from './snapshots.js';

const services = [Snapshots, Datasets, Fields, SchemaHistory, Routines, Entries, Search, SearchIndex, Renames, Levels];

@Module({ providers: services, exports: services })
export class DictionaryModule {}
