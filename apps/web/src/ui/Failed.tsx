import { Alert, Button } from 'antd';
import { useTranslation } from 'react-i18next';

import { useSentence } from './use-sentence';

/** Shown where something could not be fetched: the server's sentence, and a way to try again. */
export function Failed({ error, retry }: { readonly error: Error; readonly retry?: () => unknown }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t('failed')}
      description={<span className="sentence">{sentence(error)}</span>}
      action={retry && <Button onClick={() => void retry()}>{t('retry')}</Button>}
    />
  );
}

/** The same for a change that was not made, in little. */
export function Refusal({ error }: { readonly error: Error | null }) {
  const sentence = useSentence();
  if (!error) return null;
  return <Alert type="error" showIcon role="alert" title={<span className="sentence">{sentence(error)}</span>} />;
}
