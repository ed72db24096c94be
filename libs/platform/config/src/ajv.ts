import { Ajv } from 'ajv';
import formats from 'ajv-formats';

/** The one ajv of the platform: fills defaults in, names every fault, knows the usual formats. */
export const checker = new Ajv({ allErrors: true, useDefaults: true, strict: false });
formats.default(checker);
