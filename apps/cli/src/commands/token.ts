import { type Command } from 'commander';

import { asking, wholeNumber } from '../client/command.js';
import { moment, remark, writeJson, writeLine, writeRows } from '../client/output.js';

interface Token {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

const FIELDS = 'id name createdAt expiresAt revokedAt lastUsedAt';

/** `plumbline token`: ways in for programs. */
export function addToken(program: Command): void {
  const token = program.command('token').description('API tokens of your account');

  asking(token.command('list').description('newest first'), async ({ client, json }) => {
    const { myApiTokens } = await client.ask<{ myApiTokens: Token[] }>(`{ myApiTokens { ${FIELDS} } }`);
    writeRows({ json }, myApiTokens, {
      ID: ({ id }) => id,
      Name: ({ name }) => name,
      Made: ({ createdAt }) => moment(createdAt),
      Expires: ({ expiresAt }) => (expiresAt === null ? 'never' : moment(expiresAt)),
      Revoked: ({ revokedAt }) => moment(revokedAt),
      'Last used': ({ lastUsedAt }) => moment(lastUsedAt),
    });
  });

  asking(
    token
      .command('add <name>')
      .description('make a token; it is shown this once')
      .option('--days <n>', 'days until it expires (default: never)', wholeNumber),
    async ({ client, json }, name: string, { days }: { days?: number }) => {
      const made = await client.change<{ secret: string; token: Token }>(
        `mutation ($name: String!, $days: Int) { addApiToken(name: $name, days: $days) { secret token { ${FIELDS} } userErrors { code message path } } }`,
        { name, days },
      );
      if (json) return writeJson({ ...made.token, secret: made.secret });
      remark('Keep it now: it is stored nowhere and not shown again.');
      writeLine(made.secret);
    },
  );

  asking(token.command('revoke <id>').description('end a token'), async ({ client, json }, id: string) => {
    const { token: revoked } = await client.change<{ token: Token }>(
      `mutation ($id: ID!) { revokeApiToken(id: $id) { token { ${FIELDS} } userErrors { code message path } } }`,
      { id },
    );
    if (json) return writeJson(revoked);
    remark(`The token "${revoked.name}" no longer works.`);
  });
}
