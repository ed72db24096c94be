export { type ElementFacts, type FieldFacts } from './facts.js';
export {
  type Aspect,
  ASPECTS,
  type AspectVerdict,
  type CodesFound,
  judgeField,
  type Outcome,
  OUTCOMES,
  type Sentence,
  type Verdict,
} from './judge-field.js';
export { type Evidence, type Suggestion, suggestMappings } from './suggest-mappings.js';
