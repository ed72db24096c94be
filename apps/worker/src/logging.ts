import { type DynamicModule } from '@nestjs/common';
import { type Settings } from '#platform/config';
import { LoggerModule } from 'nestjs-pino';

export const logging = (settings: Settings): DynamicModule =>
  LoggerModule.forRoot({ pinoHttp: { level: settings.logLevel } }) as DynamicModule;
