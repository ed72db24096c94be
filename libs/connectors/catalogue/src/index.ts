export { connectorOf, connectors } from './catalogue.js';
