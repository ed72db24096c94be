import { checkRule } from '#core/rule-engine';
import { stringify } from 'yaml';

import { type Fields } from '../args.js';
import { type NamedRule, type RuleText } from '../imported.js';
import { canonical } from './canonical.js';
import { checkFor } from './check-for.js';
import { importOdcs } from './import-odcs.js';
import { DIMENSIONS, ENGINE, RULE_PROPERTY, severityWord } from './words.js';

export interface ContractHead {
  readonly id: string;
  readonly name?: string;
  readonly version?: string;
  readonly status?: string;
}

interface SchemaObject {
  readonly quality: Fields[];
  readonly properties: Map<string, Fields[]>;
}

/**
 * Writes rules as an Open Data Contract 3.1.0. A rule that one of the standard's metrics can say becomes a check of that metric, which
 * any tool understands; what the metric leaves open stands beside it, for whoever reads the contract back. Every other rule becomes a
 * `custom` check of the engine `plumbline`. {@link importOdcs} gives the same rules again.
 */
export function exportOdcs(rules: readonly NamedRule[], head: ContractHead): string {
  const objects = new Map<string, SchemaObject>();
  for (const rule of rules) {
    const dataset = rule.dataset ?? head.name ?? head.id;
    const object = objects.get(dataset) ?? { quality: [], properties: new Map<string, Fields[]>() };
    objects.set(dataset, object);
    const { check, property } = checkOf(rule);
    if (property === undefined) object.quality.push(check);
    else object.properties.set(property, [...(object.properties.get(property) ?? []), check]);
  }
  return stringify(
    {
      version: head.version ?? '1.0.0',
      apiVersion: 'v3.1.0',
      kind: 'DataContract',
      id: head.id,
      ...(head.name !== undefined && { name: head.name }),
      status: head.status ?? 'active',
      schema: [...objects].map(([name, { quality, properties }]) => ({
        name,
        ...(properties.size > 0 && {
          properties: [...properties].map(([property, checks]) => ({ name: property, quality: checks })),
        }),
        ...(quality.length > 0 && { quality }),
      })),
    },
    { aliasDuplicateObjects: false, lineWidth: 0 },
  );
}

function checkOf(named: NamedRule): { readonly check: Fields; readonly property?: string } {
  const { rule, other, name, description, schedule, tags } = named;
  const beside = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...worded(rule),
    ...(tags !== undefined && { tags: [...tags] }),
    ...(schedule !== undefined && {
      ...(schedule.scheduler !== undefined && { scheduler: schedule.scheduler }),
      schedule: schedule.cron,
    }),
  };
  const standard = checkFor(rule);
  const whole = { rule, ...(other !== undefined && { other }) };
  if (standard === undefined) return { check: { type: 'custom', ...beside, engine: ENGINE, implementation: whole } };
  const property = standard.atProperty ? rule.columns![0]! : undefined;
  const check = { ...standard.check, ...beside };
  const says = readBack(check, property);
  const enough = says !== undefined && canonical(checkRule(says)) === canonical(checkRule(rule));
  return {
    check: enough ? check : { ...check, customProperties: [{ property: RULE_PROPERTY, value: whole }] },
    ...(property !== undefined && { property }),
  };
}

/** Severity and dimension, where the rule itself says them and the standard has the word. */
function worded({ severity, dimension }: RuleText): Fields {
  const word = severity === undefined ? undefined : severityWord(severity);
  const theirs = DIMENSIONS.find(([, ours]) => ours === dimension)?.[0];
  return { ...(word !== undefined && { severity: word }), ...(theirs !== undefined && { dimension: theirs }) };
}

/** What a reader without our own words makes of a check. */
function readBack(check: Fields, property: string | undefined): RuleText | undefined {
  const at = property === undefined ? { quality: [check] } : { properties: [{ name: property, quality: [check] }] };
  const contract = { kind: 'DataContract', schema: [{ name: 'x', ...at }] };
  return importOdcs(JSON.stringify(contract)).rules[0]?.rule;
}
