import { type Client } from '../../client/client.js';
import { CommandFailed, EXIT } from '../../client/exit.js';
import { type CodeFiles, type FileFault, refuse } from './code-files.js';

/** What the server says that applying files does. */
export interface CodePlan {
  readonly origin: string;
  readonly digest: string;
  readonly applied: boolean;
  readonly counts: readonly { readonly what: string; readonly count: number }[];
  readonly changes: readonly CodeChange[];
}

export interface CodeChange {
  readonly thing: 'rule' | 'rule_set';
  readonly key: string;
  readonly what: 'CREATE' | 'CHANGE' | 'REPLACE' | 'RETIRE' | 'UNCHANGED' | 'KEPT';
  readonly name: string;
  readonly on: string | null;
  readonly id: string | null;
  readonly differences: readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[];
  readonly drift: { readonly what: string; readonly by: string | null; readonly at: string } | null;
  readonly takenOver: boolean;
}

export interface ApplyWish {
  readonly dryRun: boolean;
  readonly prune: boolean;
  readonly revision: string;
  readonly digest?: string;
  readonly force?: boolean;
}

const APPLY = `
  mutation ($input: RuleCodeInput!, $dryRun: Boolean, $digest: String, $force: Boolean) {
    applyRules(input: $input, dryRun: $dryRun, digest: $digest, force: $force) {
      plan {
        origin digest applied counts { what count }
        changes {
          thing key what name on id takenOver
          differences { path before after } drift { what by at }
        }
      }
      userErrors { code message path }
    }
  }`;

/** Plans or applies files. @throws {CommandFailed} after telling every fault by its place in the files. */
export async function askForPlan(
  client: Client,
  files: CodeFiles,
  { dryRun, prune, revision, digest, force }: ApplyWish,
  tell: (faults: readonly FileFault[]) => void,
): Promise<CodePlan> {
  const input = { ...{ origin: files.origin, revision, prune }, ...inputOf(files) };
  const { applyRules } = await client.ask<{
    applyRules: {
      plan: CodePlan | null;
      userErrors: readonly { code: string; message: string; path: readonly string[] }[];
    };
  }>(APPLY, { input, dryRun, digest, force });
  const { plan, userErrors } = applyRules;
  if (plan) return plan;
  const inFiles = userErrors.flatMap(({ path: [list, at, ...rest], message }) => {
    const entry =
      list === 'ruleSets' ? files.ruleSets[Number(at)] : list === 'rules' ? files.rules[Number(at)] : undefined;
    return entry ? [{ ...entry.placeOf(rest), message: `${entry.entry.id}: ${message}` }] : [];
  });
  if (inFiles.length > 0) refuse(inFiles, tell);
  throw new CommandFailed(userErrors.map(({ message }) => message).join('\n'), EXIT.input);
}

function inputOf({ rules, ruleSets }: CodeFiles) {
  return {
    rules: rules.map(({ entry }) => {
      const { rule, id, source, dataset, other, otherSource, description, owner, enabled } = entry;
      return {
        ...rule,
        ...{ id, source, dataset, other, otherSource, description, owner, enabled, ...namesOf(entry) },
        severity: rule.severity?.toUpperCase(),
        dimension: rule.dimension?.toUpperCase(),
      };
    }),
    ruleSets: ruleSets.map(({ entry: { at: _, ...set } }) => set),
  };
}

/** One name is enough for both languages: it is that of the language in which it is written. Without any, the rule's id is. */
export function namesOf({
  name,
  nameZh,
  nameEn,
  id,
}: {
  readonly name?: string;
  readonly nameZh?: string;
  readonly nameEn?: string;
  readonly id?: string;
}) {
  if (nameZh !== undefined || nameEn !== undefined) return { nameZh, nameEn };
  const only = name ?? id;
  return /\p{Script=Han}/u.test(only ?? '') ? { nameZh: only } : { nameEn: only };
}
