export { check } from './check.js';
export { type DocumentCheck, documentCheck } from './documents.js';
