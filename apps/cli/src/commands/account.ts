import { type Command } from 'commander';

import { asking, several } from '../client/command.js';
import { CommandFailed, EXIT } from '../client/exit.js';
import { remark, writeJson, writeLine, writeRows } from '../client/output.js';

interface Account {
  readonly id: string;
  readonly login: string;
  readonly displayName: string;
  readonly roles: readonly string[];
  readonly mustChangePassword: boolean;
  readonly disabled: boolean;
}

const FIELDS = 'id login displayName roles mustChangePassword disabled';

/** `plumbline account`: who may sign in. For administrators. */
export function addAccount(program: Command): void {
  const account = program.command('account').description('who may sign in (for administrators)');

  asking(account.command('list').description('everybody, by login'), async ({ client, json }) => {
    const { accounts } = await client.ask<{ accounts: { nodes: Account[] } }>(
      `{ accounts(first: 500) { nodes { ${FIELDS} } } }`,
    );
    writeRows({ json }, accounts.nodes, {
      Login: ({ login }) => login,
      Name: ({ displayName }) => displayName,
      Roles: ({ roles }) => roles.map((role) => role.toLowerCase()),
      State: ({ disabled, mustChangePassword }) =>
        disabled ? 'disabled' : mustChangePassword ? 'one-time password' : 'active',
    });
  });

  asking(
    account
      .command('add <login>')
      .description('add an account; its one-time password is shown this once')
      .option('--name <name>', 'the person’s name')
      .requiredOption(
        '--role <role>',
        'administrator, steward, engineer, compliance or viewer; may be repeated',
        several,
      ),
    async ({ client, json }, login: string, { name, role }: { name?: string; role: string[] }) => {
      const made = await client.change<{ account: Account; oneTimePassword: string }>(
        `mutation ($login: String!, $name: String!, $roles: [Role!]!) {
           addAccount(login: $login, displayName: $name, roles: $roles) { account { ${FIELDS} } oneTimePassword userErrors { code message path } }
         }`,
        { login, name: name ?? login, roles: role.map((one) => one.toUpperCase()) },
      );
      if (json) return writeJson({ ...made.account, oneTimePassword: made.oneTimePassword });
      remark('The one-time password; it must be changed at the first sign-in:');
      writeLine(made.oneTimePassword);
    },
  );

  asking(
    account.command('reset-password <login>').description('give an account a one-time password and end its sessions'),
    async ({ client, json }, login: string) => {
      const { accounts } = await client.ask<{ accounts: { nodes: Account[] } }>(
        `{ accounts(first: 500) { nodes { ${FIELDS} } } }`,
      );
      const found = accounts.nodes.find((one) => one.login.toLowerCase() === login.toLowerCase());
      if (!found) throw new CommandFailed(`There is no account "${login}". See "plumbline account list".`, EXIT.input);
      const reset = await client.change<{ account: Account; oneTimePassword: string }>(
        `mutation ($id: ID!) { resetPassword(id: $id) { account { ${FIELDS} } oneTimePassword userErrors { code message path } } }`,
        { id: found.id },
      );
      if (json) return writeJson({ ...reset.account, oneTimePassword: reset.oneTimePassword });
      remark('The one-time password; it must be changed at the next sign-in:');
      writeLine(reset.oneTimePassword);
    },
  );
}
