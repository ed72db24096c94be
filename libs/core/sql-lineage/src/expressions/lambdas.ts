import type { Identifier, Node } from '../parse/tree.js';
import { dataOf, kindOf } from '../parse/tree.js';
import { indirect, through } from '../resolve/influence.js';
import { Scope } from '../resolve/scope.js';
import type { Meanings } from './expression.js';

interface Lambda {
  readonly parameters: readonly Identifier[];
  readonly body: Node;
}

interface Comprehension {
  readonly this: Node;
  readonly expression: Node;
  readonly iterator: Node;
  readonly condition: Node | null;
}

/** Code that runs over the elements of a list. The list itself is read where it stands; the parameters add nothing. */
export const LAMBDAS: Meanings = {
  lambda: (data, scope, reading) => {
    const { parameters, body } = data as Lambda;
    const inner = new Scope(scope);
    for (const parameter of reading.names(parameters)) inner.parameters.add(reading.key(parameter));
    return through('TRANSFORMATION', reading.expression(body, inner));
  },
  comprehension: (data, scope, reading) => {
    const { this: value, expression, iterator, condition } = data as Comprehension;
    const inner = new Scope(scope);
    if (kindOf(expression) === 'column')
      inner.parameters.add(reading.key(reading.name(dataOf<{ name: Identifier }>(expression).name)));
    return [
      ...through('TRANSFORMATION', [...reading.expression(iterator, scope), ...reading.expression(value, inner)]),
      ...(condition ? indirect('CONDITIONAL', reading.expression(condition, inner)) : []),
    ];
  },
};
