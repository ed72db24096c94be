import { AppError } from '#kernel';
import { type ExecutionResult, GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import { type MercuriusContext } from 'mercurius';

/** What the formatter tells the log of an error that is nobody's input. */
export interface ErrorLog {
  error(facts: object, sentence: string): void;
}

/** Codes of Mercurius and graphql-js, in our words. */
const KNOWN: Readonly<Record<string, string>> = {
  MER_ERR_GQL_QUERY_DEPTH: 'QUERY_TOO_DEEP',
  MER_ERR_GQL_VALIDATION: 'INVALID_QUERY',
  MER_ERR_GQL_CSRF_PREVENTION: 'CSRF_REFUSED',
  FST_ERR_CTP_BODY_TOO_LARGE: 'BODY_TOO_LARGE',
};

/** HTTP statuses of operations that were not carried out, where it is not 400. */
const REFUSED: ReadonlyMap<unknown, number> = new Map([
  ['UNAUTHENTICATED', 401],
  ['BODY_TOO_LARGE', 413],
]);

/**
 * Turns whatever was thrown into GraphQL errors with a stable `extensions.code`. An AppError keeps its sentence;
 * anything unforeseen is logged and answered with INTERNAL and the request's id, never with its own words.
 */
export function formatErrors(
  execution: ExecutionResult & Required<Pick<ExecutionResult, 'errors'>>,
  context: MercuriusContext,
  log: ErrorLog,
): { statusCode: number; response: ExecutionResult } {
  const requestId = (context as { req?: { id?: string } }).req?.id ?? context.reply?.request.id;
  const errors = execution.errors.flatMap((error) => flatten(error).map((one) => publicError(one, requestId, log)));
  // Over HTTP, a document that was never carried out is the client's fault; anything else is a 200 with errors in it.
  const refused = execution.data == null && execution.errors.every((error) => error.path === undefined);
  const status = REFUSED.get(errors[0]?.extensions.code) ?? 400;
  return {
    statusCode: refused ? status : 200,
    response: { data: execution.data ?? null, errors },
  };
}

/** Mercurius wraps the faults of validation into one error. */
function flatten(error: GraphQLError): readonly (GraphQLError & { code?: string })[] {
  const { errors, code } = (error.originalError ?? error) as { errors?: readonly GraphQLError[]; code?: string };
  if (!Array.isArray(errors) || errors.length === 0) return [error];
  return errors.map((one) => Object.assign(one, { code: (one as { code?: string }).code ?? code }));
}

function publicError(
  error: GraphQLError & { code?: string },
  requestId: string | undefined,
  log: ErrorLog,
): GraphQLError {
  const { message, nodes, source, positions, path, originalError } = error;
  const told = (text: string, code: string, more: Record<string, unknown> = {}) =>
    new GraphQLError(text, { nodes, source, positions, path, extensions: { code, ...more } });
  if (originalError instanceof AppError) {
    const { code, inputPath } = originalError;
    return told(message, code, inputPath.length > 0 ? { inputPath } : {});
  }
  const code = error.code ?? (originalError as { code?: string } | undefined)?.code;
  if (typeof code === 'string' && KNOWN[code] !== undefined) return told(message, KNOWN[code]);
  const stated = error.extensions?.code;
  if (typeof stated === 'string' && stated.startsWith('PLUMBLINE_'))
    return told(message, stated.slice('PLUMBLINE_'.length), pathIn(error.extensions));
  // Syntax and variable faults come from graphql-js itself, with no error of ours behind them.
  if (
    !originalError ||
    originalError.name === 'GraphQLError' ||
    (originalError as { statusCode?: number }).statusCode === 400
  )
    return told(message, 'INVALID_QUERY');
  log.error(
    { requestId, path, error: originalError.name, stack: framesOf(originalError) },
    'An operation failed unexpectedly',
  );
  return told(
    `Something went wrong inside Plumbline. The log has the details under the request ${requestId ?? '(unknown)'}.`,
    'INTERNAL',
    {
      requestId,
    },
  );
}

const pathIn = ({ inputPath }: GraphQLErrorExtensions) =>
  Array.isArray(inputPath) && inputPath.length > 0 ? { inputPath } : {};

/** Where it happened, without the message: a driver's may quote values of the data. */
export const framesOf = (error: Error): string[] =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .map((line) => line.trim());
