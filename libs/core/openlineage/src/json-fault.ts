const TOKEN =
  /[\s]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null))/y;

/**
 * Where a text stops being JSON: an offset; its length when it only ends too soon. JSON.parse does not always say.
 *
 * @example
 * jsonFaultAt('{"a": }'); // 6
 */
export function jsonFaultAt(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'more' = 'value';
  let at = 0;
  for (;;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    const start = at + (/^\s*/.exec(text.slice(at, at + 10_000))?.[0].length ?? 0);
    if (!match) return start;
    const [, sign, string, scalar] = match;
    at = TOKEN.lastIndex;
    const inside = open.at(-1);
    if (expected === 'value' || expected === 'value or ]') {
      if (sign === '{' || sign === '[') {
        open.push(sign);
        expected = sign === '{' ? 'key or }' : 'value or ]';
      } else if (sign === ']' && expected === 'value or ]') {
        open.pop();
        expected = 'more';
      } else if (string !== undefined || scalar !== undefined) expected = 'more';
      else return start;
    } else if (expected === 'key' || expected === 'key or }') {
      if (string !== undefined) expected = ':';
      else if (sign === '}' && expected === 'key or }') {
        open.pop();
        expected = 'more';
      } else return start;
    } else if (expected === ':') {
      if (sign !== ':') return start;
      expected = 'value';
    } else if (sign === ',' && inside !== undefined) expected = inside === '{' ? 'key' : 'value';
    else if ((sign === '}' && inside === '{') || (sign === ']' && inside === '[')) open.pop();
    else return start;
  }
}
