import { type DynamicModule, Module } from '@nestjs/common';
import { Clock, SystemClock } from '#kernel';

import { type Settings } from './settings.js';

/** Injection token of {@link Settings}: `@Inject(SETTINGS) settings: Settings`. */
export const SETTINGS = Symbol('settings');

/** Settings and the clock, for every module. */
@Module({})
export class ConfigModule {
  static of(settings: Settings, clock: Clock = new SystemClock()): DynamicModule {
    const providers = [
      { provide: SETTINGS, useValue: settings },
      { provide: Clock, useValue: clock },
    ];
    return { module: ConfigModule, global: true, providers, exports: [SETTINGS, Clock] };
  }
}
