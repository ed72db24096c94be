import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider, type ThemeConfig } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';

import { Refused, Unreachable } from '../graphql/refused';
import { useLanguage } from '../i18n/use-language';
import { meQuery } from '../identity/identity.queries';
import { Gate } from './Gate';

const theme: ThemeConfig = {
  token: {
    colorPrimary: '#0e6b70',
    colorInfo: '#0e6b70',
    // What the library makes of a colour this dark is grey.
    colorInfoBg: '#e8f3f3',
    colorInfoBorder: '#a9cfd1',
    colorLink: '#0b6468',
    borderRadius: 6,
    fontFamily: 'inherit',
  },
};

/** Somebody whose session ended, or whose password was reset, is asked at the door again. */
function lookWhoIsThere(error: Error): void {
  if (error instanceof Refused && (error.code === 'UNAUTHENTICATED' || error.code === 'PASSWORD_CHANGE_REQUIRED'))
    void queries.invalidateQueries({ queryKey: meQuery.queryKey });
}

const queries = new QueryClient({
  queryCache: new QueryCache({ onError: lookWhoIsThere }),
  defaultOptions: {
    queries: { staleTime: 5_000, retry: (failures, error) => error instanceof Unreachable && failures < 2 },
    mutations: { onError: lookWhoIsThere },
  },
});

export function App() {
  return (
    <ConfigProvider theme={theme} locale={useLanguage() === 'zh' ? zhCN : enUS}>
      <AntApp style={{ height: '100%' }}>
        <QueryClientProvider client={queries}>
          <Gate />
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}
