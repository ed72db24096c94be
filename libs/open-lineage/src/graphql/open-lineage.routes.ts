import { gunzipSync } from 'node:zlib';

import { type Fault, jsonFaultAt, type Mode } from '#core/openlineage';
import { type Actor, AppError, Forbidden, InvalidInput, messageOf, NotFound, Unauthenticated } from '#kernel';
import { type CalledRequest, may } from '#platform/graphql';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { type Ingestion } from '../ingestion.js';
import { type NamespaceAliases } from '../namespace-aliases.js';
import { type OpenLineage, type Outcome } from '../open-lineage.js';

export interface OpenLineageRoutes {
  readonly openLineage: OpenLineage;
  readonly ingestion: Ingestion;
  readonly aliases: NamespaceAliases;
  /** Largest body, unpacked, in bytes. */
  readonly limit: number;
}

/** A request that cannot be served, with its status. */
class Unusable extends Error {
  constructor(
    readonly status: 400 | 413 | 415,
    readonly code: string,
    message: string,
    readonly errors: readonly Fault[] = [],
  ) {
    super(message);
  }
}

const PREFIX = '/api/v1';

/** The POST endpoints, in a scope of their own: bodies are larger here than elsewhere, may be packed, and are read by us. */
export function openLineageRoutes(
  app: FastifyInstance,
  { openLineage, ingestion, aliases, limit }: OpenLineageRoutes,
): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: limit }, (_, body, done) => done(null, body));
  app.setErrorHandler((error, _, reply) => answerFault(error, limit, reply));
  app.addHook('onRequest', (request, _, done) => {
    const { actor, mustChangePassword } = request as unknown as CalledRequest;
    const doing = 'send OpenLineage events';
    if (!actor) done(new Unauthenticated(`Send an API token ("Authorization: Bearer …") to ${doing}.`));
    else if (mustChangePassword === true) done(new Forbidden('Choose a password of your own first.'));
    else if (!may(actor, ['engineer']))
      done(new Forbidden(`To ${doing} needs the role engineer; you have ${actor.roles.join(', ') || 'none'}.`));
    else done();
  });

  app.post(`${PREFIX}/lineage`, { bodyLimit: limit }, async (request, reply) => {
    const event = bodyOf(request, limit);
    if (Array.isArray(event))
      throw new Unusable(400, 'NOT_AN_EVENT', `One event is one JSON object; send a list to ${PREFIX}/lineage/batch.`);
    const [outcome] = await openLineage.take([event], modeOf(request));
    if (outcome?.kept)
      return reply.status(201).send(outcome.remarks.length > 0 ? { remarks: outcome.remarks } : undefined);
    return answerRefusal(outcome, reply);
  });

  app.post(`${PREFIX}/lineage/batch`, { bodyLimit: limit }, async (request, reply) => {
    const events = bodyOf(request, limit);
    if (!Array.isArray(events)) throw new Unusable(400, 'NOT_A_LIST', 'A batch is a JSON list of events.');
    const outcomes = await openLineage.take(events, modeOf(request));
    const failed = outcomes.flatMap((outcome, index) => (outcome.kept ? [] : [{ outcome, index }]));
    const retriable = failed.filter(({ outcome }) => outcome.retriable).length;
    // Nothing was kept and all of it may go well later: a client that knows of no batches should send it again.
    if (events.length > 0 && retriable === events.length) return answerRefusal(failed[0]?.outcome, reply);
    const remarks = outcomes.flatMap((outcome, index) =>
      outcome.kept && outcome.remarks.length > 0 ? [{ index, remarks: outcome.remarks }] : [],
    );
    return reply.status(200).send({
      status: failed.length === 0 ? 'success' : 'partial_success',
      summary: {
        received: events.length,
        successful: events.length - failed.length,
        failed: failed.length,
        retriable,
        non_retriable: failed.length - retriable,
      },
      failed_events: failed.map(({ outcome, index }) => ({
        index,
        reason: outcome.faults.map(inWords).join('; '),
        retriable: outcome.retriable,
        errors: outcome.faults,
      })),
      ...(remarks.length > 0 && { remarks }),
    });
  });

  app.post(`${PREFIX}/lineage/replay`, async (request, reply) =>
    reply.send({ events: await ingestion.replay(actorOf(request)) }),
  );

  app.get(`${PREFIX}/lineage/aliases`, async (_, reply) => reply.send({ aliases: await aliases.list() }));

  app.post(`${PREFIX}/lineage/aliases`, async (request, reply) =>
    reply.status(201).send(await aliases.add(actorOf(request), aliasIn(bodyOf(request, limit)))),
  );

  app.delete(`${PREFIX}/lineage/aliases`, async (request, reply) => {
    const { namespace } = request.query as { namespace?: unknown };
    if (typeof namespace !== 'string') throw new Unusable(400, 'NO_ALIAS', 'Say which: ?namespace=….');
    return reply.send(await aliases.remove(actorOf(request), namespace));
  });
}

function aliasIn(body: unknown): { namespace: string; standsFor: string } {
  const { namespace, standsFor } = (body ?? {}) as Record<string, unknown>;
  if (typeof namespace !== 'string' || typeof standsFor !== 'string')
    throw new Unusable(
      400,
      'NO_ALIAS',
      'Send {"namespace": "…", "standsFor": "…"}: what the first says is meant by the second.',
    );
  return { namespace, standsFor };
}

function actorOf(request: FastifyRequest): Actor {
  const { actor } = request as unknown as CalledRequest;
  if (!actor) throw new Unauthenticated('Send an API token.');
  return actor;
}

/** `?mode=lenient` for one request; else as the setting says. */
function modeOf(request: FastifyRequest): Mode | undefined {
  const { mode } = request.query as { mode?: unknown };
  if (mode === undefined || mode === 'strict' || mode === 'lenient') return mode;
  throw new Unusable(400, 'UNKNOWN_MODE', '"mode" is strict or lenient.');
}

function bodyOf(request: FastifyRequest, limit: number): unknown {
  const sent = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
  const text = unpacked(request, sent, limit).toString('utf8');
  if (text.trim() === '') throw new Unusable(400, 'NOT_JSON', 'The body is empty.');
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const at = placeOf(text, jsonFaultAt(text));
    throw new Unusable(400, 'NOT_JSON', `The body is not JSON: ${messageOf(error)} (${at}).`, [
      { at, message: messageOf(error) },
    ]);
  }
}

function placeOf(text: string, position: number): string {
  const before = text.slice(0, position);
  return `line ${before.split('\n').length}, column ${position - before.lastIndexOf('\n')}`;
}

function unpacked({ headers }: FastifyRequest, body: Buffer, limit: number): Buffer {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new Unusable(415, 'UNKNOWN_ENCODING', `Content-Encoding may be gzip, not ${encoding}.`);
  try {
    return gunzipSync(body, { maxOutputLength: limit });
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw new Unusable(400, 'NOT_GZIP', `The body is not gzip: ${messageOf(error)}.`);
  }
}

const tooLarge = (limit: number) =>
  new Unusable(
    413,
    'TOO_LARGE',
    `The body is larger than ${Math.round(limit / 1024)} kB (the setting openLineageLimitKb). Send fewer events at once.`,
  );

const inWords = ({ at, message }: Fault): string => (at === '' ? `the event ${message}` : `${at} ${message}`);

function answerRefusal(outcome: Outcome | undefined, reply: FastifyReply): FastifyReply {
  const faults = outcome?.kept === false ? outcome.faults : [];
  const retriable = outcome?.kept === false && outcome.retriable;
  if (retriable) reply.header('retry-after', '1');
  return reply.status(retriable ? 503 : 422).send({
    code: retriable ? 'TRY_AGAIN' : 'NOT_AN_EVENT',
    message: `The event was not kept: ${faults.map(inWords).join('; ')}.`,
    retriable,
    errors: faults,
  });
}

const STATUS = [
  [Unauthenticated, 401],
  [Forbidden, 403],
  [InvalidInput, 400],
  [NotFound, 404],
] as const;

function answerFault(error: unknown, limit: number, reply: FastifyReply): FastifyReply {
  const code = (error as { code?: unknown }).code;
  const own = code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? tooLarge(limit) : error;
  if (own instanceof Unusable)
    return reply
      .status(own.status)
      .send({ code: own.code, message: own.message, retriable: false, errors: own.errors });
  if (own instanceof AppError) {
    const status = STATUS.find(([kind]) => own instanceof kind)?.[1] ?? 409;
    return reply.status(status).send({ code: own.code, message: own.message, retriable: false, errors: [] });
  }
  const status = (own as { statusCode?: unknown }).statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500)
    return reply.status(status).send({ code: String(code), message: messageOf(own), retriable: false, errors: [] });
  reply.log.error(own);
  return reply
    .status(500)
    .send({ code: 'INTERNAL', message: 'Something went wrong here; send it again.', retriable: true, errors: [] });
}
