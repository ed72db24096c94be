import { Type } from 'typebox';

import { check } from '#core/json-schema';
import { InvalidInput } from '#kernel';

const settings = check(
  Type.Object(
    {
      host: Type.String({ minLength: 1, title: 'Host', 'x-title-zh': '主机' }),
      port: Type.Integer({ default: 5432 }),
      mode: Type.Optional(Type.Enum(['fast', 'safe'])),
      bound: Type.Optional(Type.Union([Type.Number(), Type.String({ minLength: 1 })])),
    },
    { additionalProperties: false },
  ),
  'The settings',
);

describe('a check made of a schema', () => {
  it('fills defaults in and leaves the input as it was', () => {
    const input = { host: 'dwh' };
    expect(settings(input)).toEqual({ host: 'dwh', port: 5432 });
    expect(input).toEqual({ host: 'dwh' });
  });

  it.each([
    ['nothing given', {}, ['host'], '"host" is missing'],
    ['a wrong type', { host: 'h', port: 'x' }, ['port'], '"port" must be integer'],
    ['a word not in the list', { host: 'h', mode: 'slow' }, ['mode'], '"mode" must be one of fast, safe'],
    ['a property too many', { host: 'h', 'pass/word': 1 }, ['pass/word'], '"pass/word" is not a known property'],
    ['no branch of a union', { host: 'h', bound: true }, ['bound'], '"bound" fits none of the allowed forms'],
    ['not an object', 3, [], 'the value must be object'],
  ])('%s is refused by its place', (_, input, path, words) => {
    const error = thrownBy(() => settings(input));
    expect(error.faults).toHaveLength(1);
    expect(error.inputPath).toEqual(path);
    expect(error.message).toContain(words);
  });

  it('names every fault', () => {
    expect(thrownBy(() => settings({ port: 'x' })).faults.map(({ path }) => path)).toEqual([['host'], ['port']]);
  });
});

function thrownBy(act: () => unknown): InvalidInput {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInput) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
