import { CommandFailed, EXIT } from '../../client/exit.js';

/** `name=value` flags. @throws {CommandFailed} for one that is not of this form. */
export function pairsIn(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new CommandFailed(`"${text}" is not name=value.`, EXIT.input);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
