import { CommandFailed, EXIT } from '../../client/exit.js';

/** `name=value` flags as a map. @throws {CommandFailed} for one that is not of this form. */
export function variablesOf(flags: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    flags.map((flag) => {
      const at = flag.indexOf('=');
      if (at < 1) throw new CommandFailed(`--var "${flag}" is not name=value.`, EXIT.input);
      return [flag.slice(0, at), flag.slice(at + 1)];
    }),
  );
}
