/** Which characters a font can draw, read from its table `cmap` (OpenType, formats 4 and 12). */
export class FontCoverage {
  private constructor(private readonly ranges: readonly (readonly [number, number])[]) {}

  static of(font: Buffer): FontCoverage {
    const tables = font.readUInt16BE(4);
    for (let at = 0; at < tables; at++) {
      const record = 12 + at * 16;
      if (font.toString('latin1', record, record + 4) === 'cmap')
        return new FontCoverage(rangesOf(font, font.readUInt32BE(record + 8)));
    }
    throw new Error('The font says nothing of its characters.');
  }

  has(character: string): boolean {
    const code = character.codePointAt(0) ?? 0;
    let [low, high] = [0, this.ranges.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const [from, to] = this.ranges[middle]!;
      if (code < from) high = middle - 1;
      else if (code > to) low = middle + 1;
      else return true;
    }
    return false;
  }

  /** The text with what cannot be drawn told by its number, so that it does not vanish: 😀 as [U+1F600]. */
  shown(text: string): string {
    let shown = '';
    for (const character of text)
      shown +=
        character === '\n' || this.has(character)
          ? character
          : /\s/.test(character)
            ? ' '
            : JOINERS.test(character)
              ? ''
              : `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;
    return shown;
  }
}

/** They only say how their neighbours are drawn. */
const JOINERS = /[\u200b-\u200d\u2060\ufe00-\ufe0f\ufeff]/;

function rangesOf(font: Buffer, cmap: number): readonly (readonly [number, number])[] {
  const count = font.readUInt16BE(cmap + 2);
  const subtables = Array.from({ length: count }, (_, at) => cmap + font.readUInt32BE(cmap + 4 + at * 8 + 4));
  const formatOf = (at: number): number => font.readUInt16BE(at);
  const wide = subtables.find((at) => formatOf(at) === 12);
  if (wide !== undefined)
    return Array.from({ length: font.readUInt32BE(wide + 12) }, (_, group) => {
      const at = wide + 16 + group * 12;
      return [font.readUInt32BE(at), font.readUInt32BE(at + 4)] as const;
    });
  const narrow = subtables.find((at) => formatOf(at) === 4);
  if (narrow === undefined) throw new Error('The font tells its characters in a way we do not read.');
  const segments = font.readUInt16BE(narrow + 6) / 2;
  return Array.from({ length: segments }, (_, at) => {
    const to = font.readUInt16BE(narrow + 14 + at * 2);
    return [font.readUInt16BE(narrow + 16 + segments * 2 + at * 2), to] as const;
  }).filter(([from]) => from !== 0xffff);
}
