/** One fault of a request, in the server's words. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly path: readonly string[];
}

/** The server understood and said no; its sentences say why. */
export class Refused extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(({ message }) => message).join('\n'));
  }

  get code(): string {
    return this.faults[0]?.code ?? 'INTERNAL';
  }
}

/** The server did not answer, or something that is not the server did. */
export class Unreachable extends Error {}

/** Hands a mutation's payload on when the change was made. @throws {Refused} when it was not. */
export function made<Payload extends { readonly userErrors: readonly Fault[] }>(payload: Payload): Payload {
  if (payload.userErrors.length > 0) throw new Refused(payload.userErrors);
  return payload;
}
