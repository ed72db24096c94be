import { type DemoColumn, type DemoPlaces, type DemoSource, type DemoTable, bureauFiles } from '#demo';

import { type Client } from '../client/client.js';
import { CommandFailed } from '../client/exit.js';
import { allSources } from '../client/find-source.js';

/** The names that the demo's sources are registered under. */
export const SOURCE_NAMES: Readonly<Record<DemoSource, string>> = {
  core: '核心银行 Core banking',
  warehouse: '风险数仓 Risk warehouse',
  bureau: '征信文件 Credit bureau',
};

/** Registers the demo's three sources; one that is there already gets the new password. Gives their ids. */
export async function registerSources(client: Client, places: DemoPlaces): Promise<Record<DemoSource, string>> {
  const there = new Map((await allSources(client)).map((source) => [source.name, source.id]));
  const register = async (source: DemoSource, kind: string, about: object, settings: object) => {
    const name = SOURCE_NAMES[source];
    const id = there.get(name);
    const input = { name, settings, ...about };
    const { source: kept } = await client.change<{ source: { id: string } }>(
      id === undefined
        ? 'mutation ($input: RegisterSourceInput!) { registerSource(input: $input) { source { id } userErrors { code message path } } }'
        : 'mutation ($id: ID!, $input: ChangeSourceInput!) { changeSource(id: $id, input: $input) { source { id } userErrors { code message path } } }',
      id === undefined ? { input: { kind, ...input } } : { id, input },
    );
    return kept.id;
  };
  return {
    core: await register(
      'core',
      'postgres',
      {
        owner: '零售信贷部',
        domain: '信贷',
        environment: 'demo',
        description: '核心银行与支付 · Core banking and payments',
      },
      { ...places.core, tls: 'disable' },
    ),
    bureau: await register(
      'bureau',
      'files',
      {
        owner: '风险管理部',
        domain: '征信',
        environment: 'demo',
        description: '征信机构交付的文件 · Files of the credit bureau',
      },
      { folder: places.bureau.folder, alias: 'bureau' },
    ),
    warehouse: await register(
      'warehouse',
      'postgres',
      { owner: '风险管理部', domain: '风险', environment: 'demo', description: 'ODS → DWD → DWS → ADS' },
      { ...places.warehouse, tls: 'disable' },
    ),
  };
}

/** Finds the catalog's ids of the demo's tables and columns. */
export class DemoIndex {
  private constructor(private readonly ids: ReadonlyMap<string, string>) {}

  static async of(client: Client, sources: Readonly<Record<DemoSource, string>>): Promise<DemoIndex> {
    const ids = new Map<string, string>();
    for (const [source, sourceId] of Object.entries(sources))
      for (let after: string | null = null; ;) {
        const page: DatasetPage = await client.ask(
          `query ($sourceId: ID!, $after: String) {
             datasets(sourceId: $sourceId, first: 100, after: $after) {
               nodes { id scope name fields { id name } } pageInfo { hasNextPage endCursor } } }`,
          { sourceId, after },
        );
        for (const { id, scope, name, fields } of page.datasets.nodes) {
          ids.set(`${source}/${scope}/${name}`, id);
          for (const field of fields) ids.set(`${source}/${scope}/${name}#${field.name}`, field.id);
        }
        if (!page.datasets.pageInfo.hasNextPage) break;
        after = page.datasets.pageInfo.endCursor;
      }
    return new DemoIndex(ids);
  }

  table(table: DemoTable): string {
    return this.idOf(placeOf(table));
  }

  column(column: DemoColumn): string {
    return this.idOf(`${placeOf(column)}#${column.column}`);
  }

  private idOf(place: string): string {
    const id = this.ids.get(place);
    if (id === undefined) throw new CommandFailed(`The harvest of the demo has not found ${place}.`);
    return id;
  }
}

interface DatasetPage {
  readonly datasets: {
    readonly nodes: readonly {
      id: string;
      scope: string;
      name: string;
      fields: readonly { id: string; name: string }[];
    }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  };
}

/** The bureau's tables are files at the top of its folder. */
function placeOf({ source, schema, table }: DemoTable): string {
  if (source !== 'bureau') return `${source}/${schema}/${table}`;
  return `bureau/./${bureauFiles[table as keyof typeof bureauFiles]}`;
}
