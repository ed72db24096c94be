import { createContext, use } from 'react';

import { type Me } from './identity.queries';

export const MeContext = createContext<Me | null>(null);

/** The person in front of the screen. */
export function useMe(): Me {
  const me = use(MeContext);
  if (!me) throw new Error('Nobody is signed in here.');
  return me;
}

/** Whether the person has one of the roles; an administrator has them all. */
export function useMay(...roles: readonly Me['roles'][number][]): boolean {
  const mine = useMe().roles;
  return mine.includes('ADMINISTRATOR') || roles.some((role) => mine.includes(role));
}
