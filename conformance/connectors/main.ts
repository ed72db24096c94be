import { parseArgs } from 'node:util';

import { connectorOf, connectors } from '#connectors/catalogue';
import { messageOf } from '#kernel';

import { outcomes, subjectOf } from './run.js';

const USAGE = `npm run conformance:connectors [-- KIND …]
Tries connectors on real engines, each started for it: ${connectors.map(({ kind }) => kind).join(', ')}; all when none is named.`;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
  if (values.help === true) {
    say(USAGE);
    return 0;
  }
  const chosen = positionals.length === 0 ? connectors : positionals.map((kind) => connectorOf(kind));
  let [passed, failed] = [0, 0];
  for (const connector of chosen) {
    const subject = await subjectOf(connector.kind);
    say(`${connector.kind}: ${subject.engine}`);
    try {
      for await (const { title, error, notForIt } of outcomes(connector, subject)) {
        if (notForIt !== undefined) say(`  – ${title}: ${notForIt}`);
        else if (error === undefined) {
          passed += 1;
          say(`  ✓ ${title}`);
        } else {
          failed += 1;
          say(`  ✗ ${title}\n      ${error.message}`);
        }
      }
    } finally {
      await subject.close();
    }
    for (const sentence of subject.unverified) say(`  ! ${sentence}`);
  }
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n${USAGE}\n`);
  process.exitCode = 2;
}
