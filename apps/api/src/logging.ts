import { type Settings } from '#platform/config';
import { LoggerModule } from 'nestjs-pino';

/** Request logs with the request's id; headers that carry secrets and bodies are never written. */
export const logging = (settings: Settings) =>
  LoggerModule.forRoot({
    pinoHttp: {
      level: settings.logLevel,
      redact: ['req.headers.authorization', 'req.headers.cookie', 'res.headers["set-cookie"]'],
      autoLogging: { ignore: ({ url }) => url === '/healthz' || url === '/readyz' || url === '/metrics' },
      customLogLevel: (_, { statusCode }, error) =>
        error || statusCode >= 500 ? 'error' : statusCode >= 400 ? 'warn' : 'debug',
      serializers: {
        req: ({ id, method, url }: { id: string; method: string; url: string }) => ({
          id,
          method,
          url: url.split('?')[0],
        }),
        res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      },
    },
  });
