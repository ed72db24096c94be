export { CATEGORIES, type Category, categoryWords } from './categories.js';
export { contextOf, type DatasetContext, type DatasetFacts } from './context.js';
export { type DetectorCount, type Evidence, matchValues, MOST_VALUES, type Shape, SHAPES } from './evidence.js';
export { type Reason, sayReason } from './explanation.js';
export {
  type Candidate,
  type ColumnFacts,
  DETECTOR_VERSION,
  LEAST_SCORE,
  propose,
  proposeForDataset,
} from './propose.js';
