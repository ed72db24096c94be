import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Controller, Get, Inject, NotFoundException, Req, Res } from '@nestjs/common';
import { projectRoot, type Settings, SETTINGS } from '#platform/config';
import { Public } from '#platform/graphql';
import { type FastifyReply, type FastifyRequest } from 'fastify';

/** Where `npm run build` puts the web UI. */
export const WEB_ROOT = join(projectRoot, 'dist', 'web');

/** Any path that is no file and no route opens the UI, so that its own addresses can be reloaded and sent to others. */
@Controller()
export class WebController {
  private readonly built = existsSync(join(WEB_ROOT, 'index.html'));

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** GraphiQL, for development: only with the setting "graphiql". */
  @Public()
  @Get('graphiql')
  graphiql(@Res() reply: FastifyReply): FastifyReply {
    if (!this.built || !this.settings.graphiql) throw new NotFoundException();
    return reply.sendFile('graphiql.html');
  }

  @Public()
  @Get('*')
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): FastifyReply {
    if (!this.built || !request.headers.accept?.includes('text/html')) throw new NotFoundException();
    return reply.sendFile('index.html');
  }
}
