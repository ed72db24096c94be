import { useQuery } from '@tanstack/react-query';
import { RouterProvider } from 'react-router/dom';

import { ChangePasswordPage } from '../identity/ChangePasswordPage';
import { meQuery } from '../identity/identity.queries';
import { MeContext } from '../identity/me';
import { SignInPage } from '../identity/SignInPage';
import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { router } from './router';

/** Lets in who is signed in. The address stays, so that one arrives where one wanted to go. */
export function Gate() {
  const { data: me, error, refetch } = useQuery(meQuery);
  if (me === null) return <SignInPage />;
  if (me?.mustChangePassword) return <ChangePasswordPage me={me} />;
  if (me)
    return (
      <MeContext value={me}>
        <RouterProvider router={router} />
      </MeContext>
    );
  if (error)
    return (
      <main className="content">
        <Failed error={error} retry={refetch} />
      </main>
    );
  return <Loading />;
}
