import { InvalidInput } from '#kernel';

import { isFields } from '../args.js';
import { Findings, type Imported } from '../imported.js';
import { readSource } from '../source-text.js';
import { importSodaContract, isSodaContract } from './contract.js';
import { importSodaCl, isSodaCl } from './sodacl.js';

/** Reads checks of Soda: SodaCL, the language of Soda Core 3, or a data contract of Soda Core 4. */
export function importSoda(text: string): Imported {
  const { value, placeOf } = readSource(text);
  const findings = new Findings(placeOf);
  if (isFields(value) && isSodaContract(value)) importSodaContract(value, findings);
  else if (isFields(value) && isSodaCl(value)) importSodaCl(value, findings);
  else
    throw new InvalidInput(
      'These are no checks of Soda: there is neither a section "checks for …", nor a "dataset" with "columns" or "checks".',
    );
  return findings.all;
}
