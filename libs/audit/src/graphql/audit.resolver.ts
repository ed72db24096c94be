import { Args, Query, Resolver } from '@nestjs/graphql';
import { Allow, type Connection, localId, pageOf, toConnection } from '#platform/graphql';

import { auditCursor, AuditLog } from '../audit-log.js';
import {
  AuditArgs,
  AuditCheckType,
  AuditEntryConnection,
  type AuditEntryType,
  toAuditEntryType,
} from './audit.types.js';

@Resolver()
export class AuditResolver {
  constructor(private readonly log: AuditLog) {}

  @Allow('compliance')
  @Query(() => AuditEntryConnection, { description: 'Who changed what, newest first.' })
  async auditEntries(@Args() args: AuditArgs): Promise<Connection<AuditEntryType>> {
    const page = await this.log.list(
      {
        subjectKind: args.subjectKind ?? undefined,
        subjectId: args.subjectId ?? undefined,
        actorId: args.actorId == null ? undefined : localId('Account', args.actorId, 'actorId'),
        action: args.action ?? undefined,
        from: args.from ?? undefined,
        to: args.to ?? undefined,
      },
      pageOf(args),
    );
    return toConnection(page, toAuditEntryType, auditCursor, args.after);
  }

  @Allow('compliance')
  @Query(() => AuditCheckType, { description: 'Recomputes the hash of every audit entry.' })
  checkAudit(): Promise<AuditCheckType> {
    return this.log.verify();
  }
}
