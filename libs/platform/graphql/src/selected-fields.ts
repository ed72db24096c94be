import { type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql';

/**
 * Names of the fields that an operation asks for of the present answer, or below one of its fields, through fragments and
 * aliases: for answers so large that what nobody asks for should not be fetched.
 *
 * @example
 * selectedFields(info, 'edges') // of { lineage(…) { edges { from to } } }: Set { 'from', 'to' }
 */
export function selectedFields(info: GraphQLResolveInfo, below?: string): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (set: SelectionSetNode | undefined, isBelow: boolean): void => {
    for (const selection of set?.selections ?? [])
      if (selection.kind === Kind.FIELD) {
        if (isBelow) found.add(selection.name.value);
        else if (selection.name.value === below) walk(selection.selectionSet, true);
      } else {
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? info.fragments[selection.name.value] : selection;
        walk(fragment?.selectionSet, isBelow);
      }
  };
  for (const field of info.fieldNodes) walk(field.selectionSet, below === undefined);
  return found;
}
