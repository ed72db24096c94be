import { join } from 'node:path';

import { Global, Module } from '@nestjs/common';
import { type Settings, SETTINGS } from '#platform/config';

import { secretKey, Vault } from './vault.js';

/** Name of the key file in the data folder. */
export const KEY_FILE = 'secret.key';

@Global()
@Module({
  providers: [
    {
      provide: Vault,
      inject: [SETTINGS],
      useFactory: (settings: Settings) => new Vault(secretKey(settings.secretKey, join(settings.dataDir, KEY_FILE))),
    },
  ],
  exports: [Vault],
})
export class SecretsModule {}
