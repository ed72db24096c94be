import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';

import { type Language, speak } from '../i18n/i18n';
import { useLanguage } from '../i18n/use-language';

/** Each language is named in itself, so that it is found by who cannot read the other. */
export function LanguageSwitch() {
  const { t } = useTranslation('shell');
  return (
    <Segmented<Language>
      size="small"
      aria-label={t('language')}
      value={useLanguage()}
      onChange={(language) => void speak(language)}
      options={[
        { value: 'zh', label: <span lang="zh-CN">中文</span> },
        { value: 'en', label: <span lang="en">English</span> },
      ]}
    />
  );
}
