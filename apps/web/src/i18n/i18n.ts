import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import { dictionaryWords } from '../dictionary/dictionary.words';
import { homeWords } from '../home/home.words';
import { identityWords } from '../identity/identity.words';
import { incidentsWords } from '../incidents/incidents.words';
import { jobsWords } from '../jobs/jobs.words';
import { lineageWords } from '../lineage/lineage.words';
import { messagesWords } from '../messages/messages.words';
import { qualityWords } from '../quality/quality.words';
import { ruleFormWords } from '../quality/rules/rule-form.words';
import { reconciliationWords } from '../reconciliation/reconciliation.words';
import { reportsWords } from '../reports/reports.words';
import { shellWords } from '../shell/shell.words';
import { sourcesWords } from '../sources/sources.words';
import { uiWords } from '../ui/ui.words';

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

const en = {
  ui: uiWords.en,
  shell: shellWords.en,
  identity: identityWords.en,
  home: homeWords.en,
  jobs: jobsWords.en,
  sources: sourcesWords.en,
  dictionary: dictionaryWords.en,
  lineage: lineageWords.en,
  quality: qualityWords.en,
  incidents: incidentsWords.en,
  messages: messagesWords.en,
  ruleForm: ruleFormWords.en,
  reconciliation: reconciliationWords.en,
  reports: reportsWords.en,
};
export type Words = typeof en;

const zh = {
  ui: uiWords.zh,
  shell: shellWords.zh,
  identity: identityWords.zh,
  home: homeWords.zh,
  jobs: jobsWords.zh,
  sources: sourcesWords.zh,
  dictionary: dictionaryWords.zh,
  lineage: lineageWords.zh,
  quality: qualityWords.zh,
  incidents: incidentsWords.zh,
  messages: messagesWords.zh,
  ruleForm: ruleFormWords.zh,
  reconciliation: reconciliationWords.zh,
  reports: reportsWords.zh,
};

const KEPT = 'plumbline.language';

const isLanguage = (text: string | null | undefined): text is Language => LANGUAGES.includes(text as Language);

/** What was chosen here before, else the first language of the browser that we speak, else English. */
function startLanguage(): Language {
  const kept = localStorage.getItem(KEPT);
  if (isLanguage(kept)) return kept;
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en';
}

export async function startI18n(): Promise<void> {
  i18next.on('languageChanged', (language) => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  });
  await i18next.use(initReactI18next).init({
    lng: startLanguage(),
    fallbackLng: 'en',
    resources: { en, zh },
    defaultNS: 'ui',
    interpolation: { escapeValue: false }, // React escapes
  });
}

/** Changes the language, and remembers it on this browser. */
export async function speak(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language);
  await i18next.changeLanguage(language);
}
