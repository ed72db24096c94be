import { words } from '../i18n/words';

export const shellWords = words({
  en: {
    language: 'Language',
    navigation: 'Main navigation',
    skip: 'Skip to the content',
    home: 'Home',
    sources: 'Sources',
    incidents: 'Incidents',
    reconciliations: 'Reconciliation',
    messages: 'Messages',
    reports: 'Reports',
    jobs: 'Jobs',
  },
  zh: {
    language: '语言',
    navigation: '主导航',
    skip: '跳到正文',
    home: '首页',
    sources: '数据源',
    incidents: '质量问题',
    reconciliations: '数据核对',
    messages: '通知',
    reports: '质量报告',
    jobs: '任务',
  },
});
