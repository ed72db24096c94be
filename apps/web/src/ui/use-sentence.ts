import { useTranslation } from 'react-i18next';

import { Unreachable } from '../graphql/refused';

/** What to tell a person of an error: the server's own sentence where it said one. */
export function useSentence(): (error: Error) => string {
  const { t } = useTranslation();
  return (error) => (error instanceof Unreachable ? t('unreachable') : error.message);
}
