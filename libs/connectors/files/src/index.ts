export { files } from './files.js';
export { LooseFiles, type LooseFilesOptions } from './loose-files.js';
