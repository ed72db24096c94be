import { InvalidInput } from '#kernel';

import { isFields } from '../args.js';
import { Findings, type Imported } from '../imported.js';
import { readSource } from '../source-text.js';
import { importManifest, isManifest } from './manifest.js';
import { importSchemaYml, isSchemaYml } from './schema-yml.js';

/** Reads tests of dbt: a properties file (`schema.yml`), or the `manifest.json` of a compiled project. */
export function importDbt(text: string): Imported {
  const manifest = text.trimStart().startsWith('{') ? parsed(text) : undefined;
  if (isManifest(manifest)) {
    const findings = new Findings((path) => ({ path }));
    importManifest(manifest, findings);
    return findings.all;
  }
  const { value, placeOf } = readSource(text, '1.1');
  if (!isFields(value) || !isSchemaYml(value))
    throw new InvalidInput(
      'These are no tests of dbt: there are neither models, seeds, snapshots nor sources, and it is no manifest.json.',
    );
  const findings = new Findings(placeOf);
  importSchemaYml(value, findings);
  return findings.all;
}

/** A manifest has many megabytes, and its places are the ids of its nodes. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
