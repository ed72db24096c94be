import { type LevelTemplate } from '../levels.js';
import { gbt43697 } from './gbt-43697.js';
import { jrt0171 } from './jrt-0171.js';
import { jrt0197 } from './jrt-0197.js';

/** The templates that come with the product; the first one is used where nothing else is chosen. */
export const LEVEL_TEMPLATES: readonly LevelTemplate[] = [jrt0197, jrt0171, gbt43697];
