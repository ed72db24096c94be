import { JobDraft, placeOf } from '../job-draft.js';
import { Reading } from '../reading.js';
import { onlyJobs } from '../only-jobs.js';
import type { PipelineOptions } from '../options.js';
import { type Lenience, readLenientJson } from '../text/lenient-json.js';
import { withoutSecrets } from '../text/secrets.js';
import { Unreadable } from '../text/unreadable.js';
import type { Value } from '../text/value.js';
import type { Pipeline, ReadFile } from '../types.js';
import { contentsOf, readContent } from './read-datax.js';

const LENIENCE: Readonly<Record<Lenience['code'], string>> = {
  comment: 'comments',
  'trailing-comma': 'a comma too many',
  'missing-comma': 'a comma too few',
  'full-width': 'full-width commas or colons',
  quotes: 'names or values without double quotes',
  placeholder: 'dots in place of something',
};

/** Says once for each kind how a text was no JSON. Dots mean that something is missing: that is more than a matter of spelling. */
export function sayLenience(reading: Reading, lenience: readonly Lenience[]): void {
  const first = new Map<string, Lenience & { many: number }>();
  for (const each of lenience) {
    const found = first.get(each.code);
    if (found) found.many++;
    else first.set(each.code, { ...each, many: 1 });
  }
  for (const { code, offset, many } of first.values())
    reading.reasons.push(
      reading.reason(
        code === 'placeholder' ? 'left-out' : 'not-strict',
        `The text is not strict JSON: it has ${LENIENCE[code]}${many > 1 ? `, ${many} times` : ''}.`,
        { start: offset },
      ),
    );
}

/** Reads a DataX job file. */
export async function readDatax(text: string, name: string, options: PipelineOptions = {}): Promise<ReadFile> {
  const reading = new Reading(text, options);
  const { value, lenience } = readLenientJson(text);
  sayLenience(reading, lenience);
  return {
    text: withoutSecrets(text, value),
    pipelines: [await dataxPipeline(reading, value, name)],
    reasons: reading.reasons,
  };
}

async function dataxPipeline(reading: Reading, root: Value, name: string): Promise<Pipeline> {
  const contents = contentsOf(root);
  if (contents.length === 0) throw new Unreadable('There is no job.content: this is no DataX job.', root.start);
  const jobs = [];
  for (const [index, content] of contents.entries()) {
    const draft = new JobDraft(
      reading,
      contents.length === 1 ? name : `${name} ${index + 1}`,
      'datax',
      reading.place(placeOf(content)),
    );
    await readContent(reading, draft, content);
    jobs.push(draft.done(index));
  }
  return onlyJobs({ tool: 'datax', name, processing: 'BATCH', jobs });
}
