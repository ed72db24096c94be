import { Controller, Get, Res } from '@nestjs/common';
import { Public } from '#platform/graphql';
import { type FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';

/** For whoever watches the process. */
@Controller()
export class HealthController {
  constructor(private readonly db: DataSource) {}

  /** The process is alive. */
  @Public()
  @Get('healthz')
  healthz(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** It can answer questions: the database is there. */
  @Public()
  @Get('readyz')
  async readyz(@Res({ passthrough: true }) reply: FastifyReply): Promise<{ status: string }> {
    try {
      await this.db.query('SELECT 1');
      return { status: 'ok' };
    } catch {
      reply.status(503);
      return { status: 'The database does not answer.' };
    }
  }
}
