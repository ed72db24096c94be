import { useRouteError } from 'react-router';

import { Failed } from '../ui/Failed';

/** A page broke, or its code could not be fetched (a new version was installed meanwhile): reload. */
export function RouteFailure() {
  const error = useRouteError();
  return (
    <main className="content">
      <Failed error={error instanceof Error ? error : new Error(String(error))} retry={() => location.reload()} />
    </main>
  );
}
