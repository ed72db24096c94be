export { formatOf, importRules, RULE_FORMATS, ruleFormat, type RuleFormat } from './import-rules.js';
export {
  type Imported,
  type ImportedRule,
  type NamedRule,
  type NotImported,
  NotUnderstood,
  type Place,
  type RuleText,
} from './imported.js';
export { type ContractHead, exportOdcs } from './odcs/export-odcs.js';
export { type NamedRuleSet, readRuleCode, type RuleCode } from './own/rule-code.js';
export { entryFor, writeRuleFile } from './own/rule-file.js';
export { ruleLine } from './own/rule-line.js';
