import { type Settings } from '#platform/config';
import { LoggerModule } from 'nestjs-pino';

export const logging = (settings: Settings) => LoggerModule.forRoot({ pinoHttp: { level: settings.logLevel } });
