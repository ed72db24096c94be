import { Module } from '@nestjs/common';

import { CalendarDays } from './calendar-days.js';

@Module({ providers: [CalendarDays], exports: [CalendarDays] })
export class CalendarModule {}
