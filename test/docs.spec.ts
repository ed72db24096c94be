import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot, SettingsSchema } from '#platform/config';

const text = (file: string) => readFileSync(join(projectRoot, file), 'utf8');

describe('the documents', () => {
  it('docs/settings.md has every setting with its variable, and no other', () => {
    const said = [...text('docs/settings.md').matchAll(/^\| `(\w+)` \| `(\w+)` \|/gm)].map(([, name, env]) => [
      name,
      env,
    ]);
    const settings = Object.entries(SettingsSchema.properties as Record<string, { 'x-env'?: string }>);
    expect(said).toEqual(settings.map(([name, schema]) => [name, schema['x-env']]));
  });

  it('the list of decisions has every page', () => {
    const listed = [...text('docs/adr/README.md').matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g)].map(([, file]) => file);
    expect(listed.length).toBeGreaterThan(5);
    for (const file of listed)
      expect(text(`docs/adr/${file}`)).toMatch(/\*\*Context\.\*\*[^]*\*\*Decision\.\*\*[^]*\*\*Consequences\.\*\*/);
  });
});
