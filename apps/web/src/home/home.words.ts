import { words } from '../i18n/words';

export const homeWords = words({
  en: {
    title: 'Home',
    runningJobs: 'Running jobs',
  },
  zh: {
    title: '首页',
    runningJobs: '运行中的任务',
  },
});
