/** What is wrong with an identifier. The code is stable: it is the reason kept with a row that could not be matched. */
export const IDENTIFIER_FAULTS = [
  'empty',
  'length',
  'characters',
  'old_form',
  'region',
  'date',
  'prefix',
  'check_digit',
] as const;
export type IdentifierFault = (typeof IDENTIFIER_FAULTS)[number];

/** The judgement on one identifier. Its sentences never repeat the value. */
export type Check =
  | { readonly valid: true; readonly normalised: string }
  | { readonly valid: false; readonly fault: IdentifierFault; readonly en: string; readonly zh: string };

export const valid = (normalised: string): Check => ({ valid: true, normalised });

export const fault = (code: IdentifierFault, en: string, zh: string): Check => ({ valid: false, fault: code, en, zh });
