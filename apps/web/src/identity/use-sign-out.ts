import { useMutation, useQueryClient } from '@tanstack/react-query';

import { meQuery, signOut } from './identity.queries';

/** Ends the session, and forgets all that was shown in it. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: signOut,
    onSuccess: () => {
      queries.setQueryData(meQuery.queryKey, null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
    },
  });
}
