import { parseArgs } from 'node:util';

import { messageOf } from '#kernel';

import { runCorpus } from './run.js';

const USAGE = `npm run conformance:pipelines -- --corpus DIR [--json]
Reads jobs of DataX, DolphinScheduler, Flink CDC, SeaTunnel and dbt below a folder (pipelines/ and dbt/ in it, or one of them) and prints what
differs from the results beside them. Ends with 0 when nothing differs, 1 when something does, 2 when it could not run.`;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { corpus: { type: 'string' }, json: { type: 'boolean', default: false } } });
  if (values.corpus === undefined) throw new Error(USAGE);
  let [passed, failed] = [0, 0];
  for await (const { id, mismatches } of runCorpus(values.corpus)) {
    if (mismatches.length === 0) passed += 1;
    else failed += 1;
    for (const mismatch of mismatches) process.stdout.write(`${id}\t${mismatch}\n`);
  }
  if (passed + failed === 0) throw new Error(`No case is below ${values.corpus}.`);
  process.stdout.write(
    values.json ? `${JSON.stringify({ passed, failed })}\n` : `${passed} passed, ${failed} failed\n`,
  );
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
