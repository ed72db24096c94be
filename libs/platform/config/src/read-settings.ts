import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';

import { type ErrorObject } from 'ajv';
import { AppError, messageOf } from '#kernel';

import { checker } from './ajv.js';
import { type Settings, SettingsSchema } from './settings.js';

/** A setting is missing, misspelt or out of bounds. */
export class InvalidSetting extends AppError {
  readonly code = 'INVALID_SETTING';
}

export interface SettingsSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder that relative paths and `plumbline.config.json` are looked up in. */
  readonly cwd: string;
  /** Settings said on the command line; they win over all others. */
  readonly said?: Readonly<Record<string, unknown>>;
}

interface Property {
  readonly 'x-env'?: string;
  readonly type?: string;
  readonly description?: string;
}

const properties = Object.entries(SettingsSchema.properties as unknown as Record<string, Property>);
const check = checker.compile<Settings>(SettingsSchema);

/**
 * Reads and checks all settings.
 * @throws {InvalidSetting} with a sentence that names each faulty setting and where it was given.
 */
export function readSettings({ env, cwd, said = {} }: SettingsSource): Settings {
  const file = readFile(
    resolve(cwd, env.PLUMBLINE_CONFIG ?? 'plumbline.config.json'),
    env.PLUMBLINE_CONFIG !== undefined,
  );
  const settings: Record<string, unknown> = { ...file };
  const givenBy = new Map<string, string>(Object.keys(file).map((name) => [name, 'plumbline.config.json']));
  for (const [name, { 'x-env': variable, type }] of properties) {
    const value = variable === undefined ? undefined : env[variable];
    if (value === undefined || value === '') continue;
    settings[name] = fromText(value, type);
    givenBy.set(name, `the environment variable ${variable}`);
  }
  for (const [name, value] of Object.entries(said)) {
    if (value === undefined) continue;
    settings[name] = value;
    givenBy.set(name, 'the command line');
  }
  if (!check(settings))
    throw new InvalidSetting((check.errors ?? []).map((error) => sentenceOf(error, givenBy)).join(' '));
  checkTimeZone(settings.timeZone, givenBy);
  return { ...settings, dataDir: isAbsolute(settings.dataDir) ? settings.dataDir : resolve(cwd, settings.dataDir) };
}

function readFile(path: string, named: boolean): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (!named && (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new InvalidSetting(`The settings file ${path} cannot be read: ${messageOf(error)}.`);
  }
  try {
    const content: unknown = JSON.parse(text);
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return { ...content };
  } catch (error) {
    throw new InvalidSetting(`The settings file ${path} is not JSON: ${messageOf(error)}.`);
  }
  throw new InvalidSetting(`The settings file ${path} must hold one JSON object.`);
}

function fromText(text: string, type: string | undefined): unknown {
  switch (type) {
    case 'integer':
    case 'number':
      return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
    case 'boolean':
      return (
        ['1', 'true', 'yes', 'on'].includes(text.toLowerCase()) ||
        (['0', 'false', 'no', 'off'].includes(text.toLowerCase()) ? false : text)
      );
    case 'array':
      return text.split(':').filter((part) => part !== '');
    default:
      return text;
  }
}

function sentenceOf(error: ErrorObject, givenBy: ReadonlyMap<string, string>): string {
  const unknown = error.keyword === 'additionalProperties' ? String(error.params.additionalProperty) : undefined;
  const name = unknown ?? error.instancePath.split('/')[1] ?? '';
  const by = givenBy.has(name) ? ` (given by ${givenBy.get(name)})` : '';
  if (unknown !== undefined) return `There is no setting "${unknown}"${by}; docs/settings.md lists all of them.`;
  const means = properties.find(([other]) => other === name)?.[1].description ?? '';
  return `The setting "${name}"${by} ${error.message ?? 'is wrong'}. It means: ${means}`;
}

function checkTimeZone(timeZone: string, givenBy: ReadonlyMap<string, string>): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new InvalidSetting(
      `The setting "timeZone" (given by ${givenBy.get('timeZone') ?? 'its default'}) is ${JSON.stringify(timeZone)}, ` +
        'which is not a known time zone. Write it like Asia/Shanghai.',
    );
  }
}
