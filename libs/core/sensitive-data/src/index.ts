export { CATEGORIES, type Category, categoryWords } from './categories.js';
export { contextOf, type DatasetContext, type DatasetFacts } from './context.js';
export { COUNTED_IN_SOURCE, evidenceOfCounts, type SourceCounts } from './count-in-source.js';
export { type DetectorCount, type Evidence, matchValues, MOST_VALUES, type Shape, SHAPES } from './evidence.js';
export { type Reason, sayReason } from './explanation.js';
export { highestLevel, type Level, levelOf, type LevelRule, LEVELS, type LevelTemplate, withLevels } from './levels.js';
export { dropOrMask, HIDDEN, maskValue, SHOWING_POLICY, type ShowingPolicy } from './mask.js';
export {
  type Candidate,
  type ColumnFacts,
  DETECTOR_VERSION,
  LEAST_SCORE,
  propose,
  proposeForDataset,
} from './propose.js';
export { LEVEL_TEMPLATES } from './templates/index.js';
