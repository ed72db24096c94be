import { Module } from '@nestjs/common';

import { CalendarModule } from '../calendar.module.js';
import { CalendarResolver } from './calendar.resolver.js';

/** Working days. */
@Module({ imports: [CalendarModule], providers: [CalendarResolver] })
export class CalendarGraphqlModule {}
