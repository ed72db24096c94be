import { parseArgs } from 'node:util';

import { WRITTEN_DIALECTS } from '#core/rule-engine';
import { messageOf } from '#kernel';

import { checkPlace } from './check.js';
import { places } from './places.js';
import { hostileTexts } from './strings.js';

const USAGE = `npm run conformance:hostile [-- --texts N] [--seed N]
Puts hostile texts into every text of every kind of rule, writes it in every dialect, and parses it: only a literal may differ.`;

function main(): number {
  const { values } = parseArgs({
    options: { texts: { type: 'string', default: '10000' }, seed: { type: 'string', default: '20260630' } },
  });
  const [count, seed] = [Number(values.texts), Number(values.seed)];
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) throw new Error(USAGE);
  const texts = hostileTexts(count, seed);
  const all = places();
  const faults: string[] = [];
  let [same, refused] = [0, 0];
  for (const dialect of WRITTEN_DIALECTS) {
    for (const place of all) {
      for (const text of texts) {
        try {
          if (checkPlace(place, text, dialect) === 'same') same += 1;
          else refused += 1;
        } catch (error) {
          faults.push(messageOf(error));
          if (faults.length <= 5) process.stdout.write(`${messageOf(error)}\n\n`);
        }
      }
    }
    process.stdout.write(
      `${dialect}: ${same} of the same shape, ${refused} refused, ${faults.length} changed so far\n`,
    );
  }
  process.stdout.write(
    `${texts.length} texts × ${all.length} places × ${WRITTEN_DIALECTS.length} dialects\n${same + refused} passed, ${faults.length} failed\n`,
  );
  return faults.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
