import { queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf } from '../graphql/graphql';
import { made, Refused } from '../graphql/refused';

const me = graphql(`
  query Me {
    me {
      id
      login
      displayName
      roles
      mustChangePassword
    }
  }
`);

export type Me = ResultOf<typeof me>['me'];

/** Who is signed in here; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: Infinity,
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return (await ask(me, {}, signal)).me;
    } catch (error) {
      if (error instanceof Refused && error.code === 'UNAUTHENTICATED') return null;
      throw error;
    }
  },
});

const signInDocument = graphql(`
  mutation SignIn($login: String!, $password: String!) {
    signIn(login: $login, password: $password) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const signIn = async (login: string, password: string) =>
  made((await ask(signInDocument, { login, password })).signIn);

const signOutDocument = graphql(`
  mutation SignOut {
    signOut {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const signOut = async () => made((await ask(signOutDocument, {})).signOut);

const changePasswordDocument = graphql(`
  mutation ChangePassword($present: String!, $next: String!) {
    changePassword(present: $present, next: $next) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const changePassword = async (present: string, next: string) =>
  made((await ask(changePasswordDocument, { present, next })).changePassword);
