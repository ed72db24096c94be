import { type Command } from 'commander';

import { asking } from '../../client/command.js';
import { remark, writeJson, writeRows } from '../../client/output.js';

interface Alias {
  readonly namespace: string;
  readonly standsFor: string;
}

const ANSWER = '{ alias { namespace standsFor } userErrors { code message path } }';

/** `plumbline lineage alias`: namespaces of OpenLineage events that mean others. */
export function addAliases(lineage: Command): void {
  const alias = lineage.command('alias').description('namespaces of OpenLineage events that mean others');

  asking(alias.command('list').description('by what they mean'), async ({ client, json }) => {
    const { namespaceAliases } = await client.ask<{ namespaceAliases: Alias[] }>(
      '{ namespaceAliases { namespace standsFor } }',
    );
    writeRows(
      { json },
      namespaceAliases,
      { Namespace: ({ namespace }) => namespace, 'Stands for': ({ standsFor }) => standsFor },
      'Every namespace stands for itself.',
    );
  });

  asking(
    alias
      .command('add <namespace> <standsFor>')
      .description('what the first says is meant by the second; what is known of both becomes one'),
    async ({ client, json }, namespace: string, standsFor: string) => {
      const { alias: added } = await client.change<{ alias: Alias }>(
        `mutation ($namespace: String!, $standsFor: String!) {
           addNamespaceAlias(namespace: $namespace, standsFor: $standsFor) ${ANSWER} }`,
        { namespace, standsFor },
      );
      if (json) return writeJson(added);
      remark(`${added.namespace} stands for ${added.standsFor}.`);
    },
  );

  asking(
    alias.command('remove <namespace>').description('they are two after all; all events are read again'),
    async ({ client, json }, namespace: string) => {
      const { alias: removed } = await client.change<{ alias: Alias }>(
        `mutation ($namespace: String!) { removeNamespaceAlias(namespace: $namespace) ${ANSWER} }`,
        { namespace },
      );
      if (json) return writeJson(removed);
      remark(`${removed.namespace} stands for ${removed.standsFor} no longer.`);
    },
  );
}
