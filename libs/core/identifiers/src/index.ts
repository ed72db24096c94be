export { luhn as isLuhn } from './check-digits.js';
export { type Check, type IdentifierFault, IDENTIFIER_FAULTS } from './check.js';
export { checkIdentifier, type IdentifierFormat, IDENTIFIER_FORMATS } from './identifier.js';
export { maskIdentifier, maskName, maskValue } from './mask.js';
