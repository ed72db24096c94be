import { InvalidInput } from '#kernel';

import { Args, type Fields, isFields } from '../args.js';
import { type Conversion, Findings, type Imported, NotUnderstood, type Place, type RuleText } from '../imported.js';
import { measured } from '../requirement.js';
import { readSource } from '../source-text.js';
import { canonical } from './canonical.js';
import { checkFor } from './check-for.js';
import { ofMetric } from './metrics.js';
import { requirementOf } from './operators.js';
import { DIMENSIONS, ENGINE, RULE_PROPERTY, severityOf } from './words.js';

/** Says nothing about what has to hold. */
const BESIDE = ['id', 'authoritativeDefinitions', 'businessImpact', 'method', 'tags', 'unit', 'customProperties'];

/** Reads the quality sections of an Open Data Contract (3.0 and 3.1): those of its objects and of their properties. */
export function importOdcs(text: string): Imported {
  const { value, placeOf } = readSource(text);
  if (!isFields(value) || value['kind'] !== 'DataContract' || !Array.isArray(value['schema'] ?? []))
    throw new InvalidInput('This is no Open Data Contract: its "kind" is not DataContract.');
  const findings = new Findings(placeOf);
  const schema = (value['schema'] ?? []) as readonly unknown[];
  schema.forEach((object, at) => {
    if (!isFields(object) || typeof object['name'] !== 'string')
      return findings.refuse(['schema', at], 'an object', 'it has no name');
    const dataset = nameIn(object);
    readChecks(findings, object, ['schema', at], dataset, undefined);
    readProperties(findings, object['properties'], ['schema', at, 'properties'], dataset);
  });
  if ('quality' in value)
    findings.refuse(['quality'], 'quality of the contract', 'it stands in no object, as it did in version 2');
  return findings.all;
}

/** What the thing is called where the data are. */
const nameIn = (element: Fields): string =>
  typeof element['physicalName'] === 'string' ? element['physicalName'] : String(element['name']);

function readProperties(findings: Findings, list: unknown, path: Place['path'], dataset: string, nested = false): void {
  if (!Array.isArray(list)) return;
  list.forEach((property: unknown, at) => {
    const here = [...path, at];
    if (!isFields(property) || typeof property['name'] !== 'string')
      return findings.refuse(here, 'a property', 'it has no name');
    if (!nested) readChecks(findings, property, here, dataset, nameIn(property));
    else if (Array.isArray(property['quality']))
      findings.refuse(
        [...here, 'quality'],
        `quality of ${property['name']}`,
        'it is a part of another property, and a column has no parts here',
      );
    readProperties(findings, property['properties'], [...here, 'properties'], dataset, true);
    const { items } = property;
    if (isFields(items) && Array.isArray(items['quality']))
      findings.refuse(
        [...here, 'items', 'quality'],
        'quality of items',
        'rules look at columns, not at the items of a list',
      );
  });
}

function readChecks(
  findings: Findings,
  element: Fields,
  path: Place['path'],
  dataset: string,
  property: string | undefined,
): void {
  const { quality } = element;
  if (quality === undefined) return;
  if (!Array.isArray(quality)) return findings.refuse([...path, 'quality'], 'quality', 'it is no list');
  quality.forEach((check: unknown, at) => {
    const here = [...path, 'quality', at];
    if (!isFields(check)) return findings.refuse(here, 'a check', 'it is no object');
    findings.take(here, nameOfCheck(check), () => ({ ...converted(check, property), dataset }));
  });
}

const nameOfCheck = (check: Fields): string =>
  [check['type'] ?? 'library', check['metric'] ?? check['rule'] ?? check['engine']]
    .filter((each) => typeof each === 'string')
    .join(' ');

function converted(check: Fields, property: string | undefined): Conversion {
  const args = new Args(check);
  const own = carried(check, property);
  if (own !== undefined) args.ignore(...MEANING);
  const made = own ?? ofType(args, property);
  const { rule, notes = [] } = made;
  const severity = args.optionalText('severity');
  const level = severity === undefined ? undefined : severityOf(severity);
  const dimension = args.optionalText('dimension');
  const ours = DIMENSIONS.find(([theirs]) => theirs === dimension)?.[1];
  const [name, description] = [args.optionalText('name'), args.optionalText('description')];
  const [cron, scheduler] = [args.optionalText('schedule'), args.optionalText('scheduler')];
  const tags = args.optionalTexts('tags');
  args.ignore(...BESIDE);
  args.end();
  const whole: RuleText = {
    ...rule,
    ...(level !== undefined && { severity: level }),
    ...(ours !== undefined && { dimension: ours }),
  };
  return {
    ...made,
    rule: whole,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(cron !== undefined && { schedule: { cron, ...(scheduler !== undefined && { scheduler }) } }),
    notes: [
      ...notes,
      ...(severity !== undefined && level === undefined
        ? [`the severity ${JSON.stringify(severity)} is no known word; it has that of all rules`]
        : []),
      ...(dimension !== undefined && ours === undefined
        ? [`the dimension ${JSON.stringify(dimension)} has no equal; it has that of its kind`]
        : []),
    ],
  };
}

function ofType(args: Args, property: string | undefined): Conversion {
  const type = args.optionalText('type') ?? 'library';
  switch (type) {
    case 'library': {
      // Version 3.0 called it so.
      const metric = args.optionalText('metric') ?? args.optionalText('rule');
      if (metric === undefined) throw new NotUnderstood('it has no "metric"');
      args.ignore('rule');
      return ofMetric(args, metric, property);
    }
    case 'sql':
      return ofSql(args, property);
    case 'custom':
      return ofCustom(args);
    case 'text':
      throw new NotUnderstood('it is a sentence for people, which no engine can check');
    default:
      throw new NotUnderstood(`its type ${JSON.stringify(type)} is none of library, sql, custom and text`);
  }
}

/** `{object}` and `{property}` stand for names; older texts write them with a dollar sign, or as table and column. */
const OBJECT = /\$?\{(object|table|schema|model)\}/g;
const PROPERTY = /\$?\{(property|column)\}/g;

function ofSql(args: Args, property: string | undefined): Conversion {
  const query = args.text('query');
  if (query.search(PROPERTY) !== -1 && property === undefined)
    throw new NotUnderstood('its query speaks of a property, and it stands at no property');
  const sql = query
    .replaceAll(OBJECT, '{target}')
    .replaceAll(PROPERTY, () => quoted(property!))
    .trim();
  const { params, threshold } = measured({ fail: requirementOf(args) });
  args.ignore('unit');
  return { rule: { kind: 'sql_scalar', params: { sql, ...params }, ...(threshold && { threshold }) } };
}

const quoted = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

function ofCustom(args: Args): Conversion {
  const engine = args.text('engine');
  const implementation = args.any('implementation');
  if (engine !== ENGINE) throw new NotUnderstood(`it is written for ${engine}: import that text for itself`);
  return ruleIn(implementation) ?? refused('its "implementation" is no rule of ours');
}

const refused = (reason: string): never => {
  throw new NotUnderstood(reason);
};

function ruleIn(value: unknown): Conversion | undefined {
  if (!isFields(value) || !isFields(value['rule']) || typeof value['rule']['kind'] !== 'string') return undefined;
  const { other, rule } = value;
  return { rule: rule as unknown as RuleText, ...(typeof other === 'string' && { other }) };
}

/**
 * The rule that a contract of ours carries beside the standard's metric, which says less than a rule does. When somebody has changed the
 * metric since, the rule no longer says the same and is left aside.
 */
function carried(check: Fields, property: string | undefined): Conversion | undefined {
  const properties = Array.isArray(check['customProperties']) ? (check['customProperties'] as unknown[]) : [];
  const found = properties.find((each) => isFields(each) && each['property'] === RULE_PROPERTY);
  const made = isFields(found) ? ruleIn(found['value']) : undefined;
  if (made === undefined) return undefined;
  const expected = checkFor(made.rule);
  const same =
    expected !== undefined && MEANING.every((name) => canonical(expected.check[name]) === canonical(check[name]));
  const here = property === undefined ? !expected?.atProperty : expected?.atProperty === true;
  if (!same || !here) return undefined;
  return made;
}

const MEANING = [
  ...['type', 'metric', 'arguments', 'unit', 'mustBe', 'mustNotBe', 'mustBeGreaterThan', 'mustBeGreaterOrEqualTo'],
  ...['mustBeLessThan', 'mustBeLessOrEqualTo', 'mustBeBetween', 'mustNotBeBetween', 'query'],
];
