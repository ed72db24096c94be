import { AppError } from '#kernel';

export class NotASuperuser extends AppError {
  readonly code = 'DEMO_NEEDS_SUPERUSER';

  constructor() {
    super('The demo makes databases, roles and a foreign server: give it the address of a PostgreSQL superuser.');
  }
}
