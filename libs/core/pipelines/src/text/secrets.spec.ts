import { readLenientJson } from './lenient-json.js';
import { plainText, withoutSecrets } from './secrets.js';

describe('secrets', () => {
  it.each([
    ['{"password": "geheim", "user": "u"}', '{"password": "******", "user": "u"}'],
    ['{"accessKey": "ab\\"c", "n": 1}', '{"accessKey": "*****", "n": 1}'],
    [
      '{"url": "jdbc:mysql://h/d?user=u&password=geheim&x=1"}',
      '{"url": "jdbc:mysql://h/d?user=u&password=******&x=1"}',
    ],
    ['{"uri": "mongodb://u:geheim@h/d"}', '{"uri": "mongodb://u:******@h/d"}'],
    ['{"rawScript": "mysql -uroot -pgeheim -e x"}', '{"rawScript": "mysql -uroot -p****** -e x"}'],
    [
      '{"json": "{\\"password\\": \\"geheim\\", \\"a\\": 1}"}',
      '{"json": "{\\"password\\": \\"******\\", \\"a\\": 1}"}',
    ],
    ['{"secret": {"a": "x", "b": ["y"]}}', '{"secret": {"a": "*", "b": ["*"]}}'],
    [
      `{"querySql": "select a.token from a join b on a.token = b.token where a.pwd = 'geheim' and url = 'u?token=geheim'"}`,
      `{"querySql": "select a.token from a join b on a.token = b.token where a.pwd = '******' and url = 'u?token=******'"}`,
    ],
    ['{"rawScript": "curl -H token:geheim u"}', '{"rawScript": "curl -H token:****** u"}'],
    ['{"passage": "x", "column": ["token_count"]}', '{"passage": "x", "column": ["token_count"]}'],
  ])('%s', (text, expected) => {
    expect(withoutSecrets(text, readLenientJson(text).value)).toBe(expected);
  });

  it('are taken out of a URL', () => {
    expect(plainText('jdbc:oracle:thin:scott/tiger@h:1521/x')).toBe('jdbc:oracle:thin:scott/*****@h:1521/x');
  });
});
