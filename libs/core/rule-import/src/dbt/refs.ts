import { NotUnderstood } from '../imported.js';

const REF =
  /^(?:\{\{\s*)?ref\(\s*(?:['"][^'"]*['"]\s*,\s*)?['"]([^'"]+)['"]\s*(?:,\s*v(?:ersion)?\s*=\s*[^)]*)?\)(?:\s*\}\})?$/;
const SOURCE = /^(?:\{\{\s*)?source\(\s*['"]([^'"]+)['"]\s*,\s*['"]([^'"]+)['"]\s*\)(?:\s*\}\})?$/;
const NAME = /^[\p{L}_][\p{L}\p{N}_$]*(\.[\p{L}_][\p{L}\p{N}_$]*){0,2}$/u;

/** The dataset that `ref('orders')`, `source('shop', 'orders')` or a plain name stands for. */
export function datasetOf(text: string): string {
  const said = text.trim();
  const [, model] = REF.exec(said) ?? [];
  if (model !== undefined) return model;
  const [, , table] = SOURCE.exec(said) ?? [];
  if (table !== undefined) return table;
  if (NAME.test(said)) return said;
  throw new NotUnderstood(`the dataset ${JSON.stringify(text)} is not named plainly`);
}
