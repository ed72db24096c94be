import { documentCheck } from '#core/json-schema';

const person = {
  $id: 'https://example.org/person',
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 1 }, age: { type: 'integer', minimum: 0 } },
};

describe('a check of documents', () => {
  it.each([
    ['what fits', { name: '张三', age: 3, more: true }, undefined],
    ['what is missing', {}, "must have required property 'name'"],
    ['a wrong type, by its place', { name: 'x', age: '3' }, '/age must be integer'],
    ['another kind of document', [], 'must be object'],
  ])('%s', (_, document, fault) => {
    expect(documentCheck(person)(document)).toBe(fault);
  });

  it('takes the same schema twice', () => {
    expect(documentCheck(person)({ name: 'x' })).toBeUndefined();
    expect(documentCheck(person)({ name: 'x' })).toBeUndefined();
  });

  it('takes an empty schema, which everything fits', () => {
    expect(documentCheck({})(null)).toBeUndefined();
  });

  it.each([
    ['a type that there is none of', { type: 'number or so' }],
    ['a schema elsewhere', { $ref: 'https://example.org/other' }],
  ])('refuses %s', (_, schema) => {
    expect(() => documentCheck(schema)).toThrow();
  });
});
