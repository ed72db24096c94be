export { mysql } from './mysql.js';
