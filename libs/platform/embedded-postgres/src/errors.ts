import { AppError } from '#kernel';

/** The embedded PostgreSQL cannot be prepared, started or stopped. */
export class EmbeddedPostgresFailed extends AppError {
  readonly code = 'EMBEDDED_POSTGRES_FAILED';
}
