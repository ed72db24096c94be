import { readPipelines, toolOf } from './index.js';

describe('the tool of a file', () => {
  it.each([
    ['a.json', '{"job": {"content": []}}', 'datax'],
    ['a.json', '// x\n{"job": {"content": []}}', 'datax'],
    ['job.txt', '{"job": {"content": []}}', 'datax'],
    ['a.json', '[{"processDefinition": {}}]', 'dolphinscheduler'],
    ['a.json', '[{"workflowDefinition": {}}]', 'dolphinscheduler'],
    ['a.json', '{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v12.json"}}', 'dbt'],
    ['a.yaml', 'source:\n  type: mysql\nsink:\n  type: doris\n', 'flink-cdc'],
    ['a.conf', 'source { Jdbc {} }\nsink { Jdbc {} }', 'seatunnel'],
    ['a.json', '{"env": {}, "source": [{"plugin_name": "Jdbc"}], "sink": []}', 'seatunnel'],
    ['a.json', '{"name": "package", "version": "1"}', undefined],
    ['a.yaml', 'version: 2\nmodels: []', undefined],
    ['a.md', 'some words about it', undefined],
  ])('%s: %s', (name, text, tool) => {
    expect(toolOf({ name, text })).toBe(tool);
  });

  it('is not guessed where the file cannot be read', () => {
    expect(() => toolOf({ name: 'a.json', text: '{"job": {"content": [' })).toThrow('A value');
  });

  it('is said when there is none', async () => {
    await expect(readPipelines({ name: 'x.json', text: '{}' })).rejects.toThrow('no file of a tool that is known');
  });
});
