import { type Connector } from '#core/connector-kit';
import { files } from '#connectors/files';
import { mysql } from '#connectors/mysql';
import { postgres } from '#connectors/postgres';
import { InvalidInput } from '#kernel';

/** Every kind of source that can be registered. To add one: a folder beside this one, and a line here. */
export const connectors: readonly Connector[] = [postgres, mysql, files];

/** The connector of a kind. @throws {InvalidInput} that names the kinds there are. */
export function connectorOf(kind: string): Connector {
  const connector = connectors.find((each) => each.kind === kind);
  if (connector === undefined)
    throw new InvalidInput(
      `There is no kind of source ${JSON.stringify(kind)}. There are: ${connectors.map((each) => each.kind).join(', ')}.`,
      [],
      ['kind'],
    );
  return connector;
}
