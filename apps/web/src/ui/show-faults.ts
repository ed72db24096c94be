import { type FormInstance } from 'antd';

import { Refused } from '../graphql/refused';

/** Puts the server's sentences under the fields they are about. */
export function showFaults(form: FormInstance, error: Error): void {
  if (!(error instanceof Refused)) return;
  const placed = error.faults.filter(({ path }) => path.length > 0);
  form.setFields(placed.map(({ path, message }) => ({ name: [...path], errors: [message] })));
}
