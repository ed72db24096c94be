import { Injectable } from '@nestjs/common';
import { normalNamespace } from '#core/openlineage';
import { type Actor, InvalidInput } from '#kernel';
import { rows, type Tx } from '#platform/database';
import { DataSource } from 'typeorm';

import { Ingestion } from './ingestion.js';

/** A namespace that means another, both in normal form. */
export interface NamespaceAlias {
  readonly namespace: string;
  readonly standsFor: string;
}

/** What people say of namespaces that producers spell too differently to be recognised as one. */
@Injectable()
export class NamespaceAliases {
  constructor(
    private readonly db: DataSource,
    private readonly ingestion: Ingestion,
  ) {}

  list(): Promise<NamespaceAlias[]> {
    return aliasesIn(this.db.manager);
  }

  /** What the first says is meant by the second from now on, and what was known of both is one. @throws {InvalidInput} */
  async add(actor: Actor, wish: NamespaceAlias): Promise<NamespaceAlias> {
    const alias = {
      namespace: normalOf(wish.namespace, 'namespace'),
      standsFor: normalOf(wish.standsFor, 'standsFor'),
    };
    const { namespace, standsFor } = alias;
    if (namespace === standsFor) throw new InvalidInput(`Both are ${namespace} already.`, [], ['standsFor']);
    await this.ingestion.alias(actor, alias, async (tx) => {
      const known = await aliasesIn(tx);
      const further = known.find((one) => one.namespace === standsFor);
      if (further)
        throw new InvalidInput(`${standsFor} itself stands for ${further.standsFor}: say that.`, [], ['standsFor']);
      const before = known.find((one) => one.standsFor === namespace);
      if (before)
        throw new InvalidInput(`${before.namespace} stands for ${namespace}; remove that first.`, [], ['namespace']);
      const other = known.find((one) => one.namespace === namespace && one.standsFor !== standsFor);
      if (other)
        throw new InvalidInput(`${namespace} stands for ${other.standsFor}; remove that first.`, [], ['namespace']);
    });
    return alias;
  }

  /** The two are apart again, also in what was heard until now. @throws {NotFound} */
  async remove(actor: Actor, namespace: string): Promise<NamespaceAlias> {
    const normal = normalOf(namespace, 'namespace');
    return { namespace: normal, standsFor: await this.ingestion.unalias(actor, normal) };
  }
}

function normalOf(namespace: string, path: string): string {
  const normal = normalNamespace(namespace);
  if (normal === '') throw new InvalidInput('A namespace is not empty.', [], [path]);
  return normal;
}

const aliasesIn = (tx: Tx): Promise<NamespaceAlias[]> =>
  rows(
    tx,
    `SELECT namespace, stands_for AS "standsFor" FROM open_lineage.namespace_alias ORDER BY stands_for, namespace`,
  );
