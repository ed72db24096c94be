import { type Static, type TObject } from 'typebox';

import { check } from '#core/json-schema';

import { type Connection } from './connection.js';
import { type Dialect } from './dialect.js';
import { type Words } from './words.js';

/** Values of the settings marked `secret: true`, by their names. They are stored apart from the others. */
export type Secrets = Readonly<Record<string, string>>;

/**
 * What not every source can do. Each stands for the method of {@link Connection} with its name; `routines` for that part of a
 * snapshot.
 */
export const CAPABILITIES = ['viewSql', 'queryLog', 'explain', 'scopeDigests', 'routines'] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** What a kind of source looks like to the rest of the product. */
export interface Connector {
  readonly kind: string;
  readonly title: Words;
  readonly description: Words;
  /** JSON Schema of the settings: the form, the check and the docs come from it. */
  readonly settings: TObject;
  /** The names of the settings that are secrets. */
  readonly secretSettings: readonly string[];
  readonly dialect: Dialect;
  readonly capabilities: readonly Capability[];
  /** Gives settings back checked and with their defaults, without secrets. Throws `InvalidInput`. */
  checkSettings(settings: unknown): Record<string, unknown>;
  /** The namespace of all names in the source, for instance `postgres://dwh:5432`. */
  namespace(settings: unknown): string;
  /** Opens a connection. Settings are checked; the source itself is first asked when the connection is used. */
  open(settings: unknown, secrets?: Secrets): Promise<Connection>;
}

/** What the author of a connector writes. The functions get settings that were checked, secrets among them. */
export interface ConnectorDefinition<S extends TObject> {
  readonly kind: string;
  readonly title: Words;
  readonly description: Words;
  readonly settings: S;
  readonly dialect: Dialect;
  readonly capabilities: readonly Capability[];
  namespace(settings: Static<S>): string;
  open(settings: Static<S>): Promise<Connection>;
}

/**
 * Makes a connector out of its definition. Secrets must be optional settings, since they arrive apart from the rest.
 *
 * @example
 * export const postgres = defineConnector({
 *   kind: 'postgres',
 *   title: { en: 'PostgreSQL', zh: 'PostgreSQL 数据库' },
 *   …
 *   async open(settings) {
 *     const { PostgresConnection } = await import('./postgres-connection.js');
 *     return new PostgresConnection(settings);
 *   },
 * });
 */
export function defineConnector<S extends TObject>(definition: ConnectorDefinition<S>): Connector {
  const secretSettings = Object.entries(definition.settings.properties)
    .filter(([, schema]) => (schema as { secret?: boolean }).secret === true)
    .map(([name]) => name);
  const checked = check(definition.settings, `The settings of ${definition.title.en}`);
  const withoutSecrets = (settings: unknown): unknown =>
    typeof settings === 'object' && settings !== null
      ? Object.fromEntries(Object.entries(settings).filter(([name]) => !secretSettings.includes(name)))
      : settings;
  return {
    kind: definition.kind,
    title: definition.title,
    description: definition.description,
    settings: definition.settings,
    secretSettings,
    dialect: definition.dialect,
    capabilities: definition.capabilities,
    checkSettings: (settings) => checked(withoutSecrets(settings)),
    namespace: (settings) => definition.namespace(checked(withoutSecrets(settings))),
    open: async (settings, secrets = {}) => {
      const given = Object.entries(secrets).filter(([name]) => secretSettings.includes(name));
      const merged =
        typeof settings === 'object' && settings !== null ? { ...settings, ...Object.fromEntries(given) } : settings;
      return definition.open(checked(merged));
    },
  };
}
