import { assetPage } from './asset-page.js';
import { harvest } from './harvest.js';
import { harvestLarge } from './harvest-large.js';
import { lineage } from './lineage.js';
import { lineageGraph } from './lineage-graph.js';
import { lineageGrowth } from './lineage-growth.js';
import { openLineage } from './openlineage.js';
import { quality } from './quality.js';
import { qualityNight } from './quality-night.js';
import { qualityYear } from './quality-year.js';
import { reconcile } from './reconcile.js';
import { sensitive } from './sensitive.js';
import { startUp } from './start-up.js';

/** Every measurement; each prints its own lines. `npm run bench -- asset-page` runs one. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  'start-up': startUp,
  harvest,
  'harvest-large': harvestLarge,
  'asset-page': assetPage,
  lineage,
  'lineage-graph': lineageGraph,
  'lineage-growth': lineageGrowth,
  openlineage: openLineage,
  quality,
  'quality-night': qualityNight,
  'quality-year': qualityYear,
  reconcile,
  sensitive,
};

const wanted = process.argv.slice(2);
for (const name of wanted)
  if (!(name in benches)) {
    process.stderr.write(`There is no bench "${name}". There are: ${Object.keys(benches).join(', ')}.\n`);
    process.exit(2);
  }
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n${name}`);
  await bench();
}
