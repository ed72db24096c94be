import { CommandFailed, EXIT } from './exit.js';

export type Language = 'zh' | 'en';

/** The flag of every command that writes sentences in two languages, and what it is when left out. */
export const LANGUAGE_FLAG = [
  '--language <language>',
  'zh or en; when left out, as LC_ALL, LC_MESSAGES or LANG say',
  localeLanguage(process.env),
] as const;

/** The language of whoever works at the terminal: Chinese where the locale is, else English. */
export function localeLanguage({ LC_ALL, LC_MESSAGES, LANG }: Readonly<Record<string, string | undefined>>): Language {
  return /^zh(?![a-z])/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'zh' : 'en';
}

/** @throws {CommandFailed} */
export function languageOf(word: string): Language {
  const lower = word.toLowerCase();
  if (lower === 'en' || lower === 'zh') return lower;
  throw new CommandFailed('--language is zh or en.', EXIT.input);
}
