import {
  AlertOutlined,
  AuditOutlined,
  BellOutlined,
  DatabaseOutlined,
  FileTextOutlined,
  HomeOutlined,
  ThunderboltOutlined,
} from '@ant-design/icons';
import { Layout, Menu } from 'antd';
import { Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Outlet, useLocation } from 'react-router';

import { SearchBox } from '../dictionary/SearchBox';
import { Loading } from '../ui/Loading';
import { LanguageSwitch } from './LanguageSwitch';
import { PersonMenu } from './PersonMenu';
import logo from './plumbline.svg';

const PLACES = [
  { path: '/', word: 'home', icon: <HomeOutlined /> },
  { path: '/sources', word: 'sources', icon: <DatabaseOutlined /> },
  { path: '/incidents', word: 'incidents', icon: <AlertOutlined /> },
  { path: '/reconciliations', word: 'reconciliations', icon: <AuditOutlined /> },
  { path: '/messages', word: 'messages', icon: <BellOutlined /> },
  { path: '/reports', word: 'reports', icon: <FileTextOutlined /> },
  { path: '/jobs', word: 'jobs', icon: <ThunderboltOutlined /> },
] as const;

/** The frame round every page: brand, places to go, language, person. */
export function Shell() {
  const { t } = useTranslation('shell');
  const { pathname } = useLocation();
  const here = PLACES.findLast(({ path }) => (path === '/' ? pathname === '/' : pathname.startsWith(path)));
  return (
    <Layout className="shell">
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <Layout.Header className="top">
        <Link to="/" className="brand">
          <img src={logo} alt="" width={26} height={26} />
          <span>Plumbline</span>
        </Link>
        <div className="top-search">{pathname !== '/' && pathname !== '/search' && <SearchBox />}</div>
        <div className="top-end">
          <LanguageSwitch />
          <PersonMenu />
        </div>
      </Layout.Header>
      <Layout>
        {/* Narrow screens show the icons only. */}
        <Layout.Sider theme="light" width={176} collapsedWidth={56} breakpoint="lg" collapsible className="places">
          <nav aria-label={t('navigation')}>
            <Menu
              mode="inline"
              selectedKeys={here ? [here.path] : []}
              items={PLACES.map(({ path, word, icon }) => ({
                key: path,
                icon,
                label: <Link to={path}>{t(word)}</Link>,
              }))}
            />
          </nav>
        </Layout.Sider>
        <Layout.Content>
          <Main key={pathname} />
        </Layout.Content>
      </Layout>
    </Layout>
  );
}

/** Takes the focus when another page opens, so that a screen reader starts to read there. */
function Main() {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
  }, []);
  return (
    <main id="content" className="content" tabIndex={-1} ref={main}>
      <Suspense fallback={<Loading />}>
        <Outlet />
      </Suspense>
    </main>
  );
}
