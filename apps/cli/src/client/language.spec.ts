import { languageOf, localeLanguage } from './language.js';

it.each([
  [{}, 'en'],
  [{ LANG: 'C.UTF-8' }, 'en'],
  [{ LANG: 'zh_CN.UTF-8' }, 'zh'],
  [{ LANG: 'zh' }, 'zh'],
  [{ LANG: 'zha_CN' }, 'en'],
  [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'en_GB.UTF-8' }, 'en'],
  [{ LANG: 'en_US', LC_MESSAGES: 'zh_TW', LC_ALL: '' }, 'zh'],
])('of %j is %s', (environment, language) => {
  expect(localeLanguage(environment)).toBe(language);
});

it('is refused when it is another', () => {
  expect(languageOf('ZH')).toBe('zh');
  expect(() => languageOf('fr')).toThrow('--language is zh or en.');
});
