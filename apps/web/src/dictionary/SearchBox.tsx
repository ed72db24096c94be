import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';

import { searchPath } from '../ui/paths';

/** Where one types what one looks for; Enter opens the results. */
export function SearchBox(props: {
  readonly start?: string;
  readonly size?: 'medium' | 'large';
  readonly autoFocus?: boolean;
}) {
  const { t } = useTranslation('dictionary');
  const go = useNavigate();
  return (
    <search>
      <Input.Search
        key={props.start}
        allowClear
        size={props.size ?? 'medium'}
        autoFocus={props.autoFocus}
        defaultValue={props.start}
        maxLength={500}
        placeholder={t('searchFor')}
        aria-label={t('searchFor')}
        enterButton={t('search')}
        onSearch={(text, _, info) => {
          if (info?.source !== 'clear' && text.trim() !== '') void go(searchPath(text.trim()));
        }}
      />
    </search>
  );
}
