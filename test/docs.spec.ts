import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CATEGORIES, categoryWords, LEVEL_TEMPLATES } from '#core/sensitive-data';
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

  it('docs/sensitive-data.md has every category with its names and levels', () => {
    const said = [
      ...text('docs/sensitive-data.md').matchAll(
        /^\| `(\w+)` \| (.+?) \| (.+?) \| (L\d).* \| (L\d).* \| (L\d).* \|$/gm,
      ),
    ];
    expect(said.map(([, ...cells]) => cells.map((cell) => cell.trim()))).toEqual(
      CATEGORIES.map((category) => {
        const { zh, en } = categoryWords(category);
        return [category, zh, en, ...LEVEL_TEMPLATES.map(({ rules }) => rules[category].level)];
      }),
    );
  });

  it('the list of decisions has every page', () => {
    const listed = [...text('docs/adr/README.md').matchAll(/\]\((\d{4}-[\w-]+\.md)\)/g)].map(([, file]) => file);
    expect(listed.length).toBeGreaterThan(5);
    for (const file of listed)
      expect(text(`docs/adr/${file}`)).toMatch(/\*\*Context\.\*\*[^]*\*\*Decision\.\*\*[^]*\*\*Consequences\.\*\*/);
  });
});
