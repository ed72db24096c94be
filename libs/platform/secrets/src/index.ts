export { SecretsModule } from './secrets.module.js';
export { SecretLost, secretKey, Vault } from './vault.js';
