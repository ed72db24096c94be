import { Injectable } from '@nestjs/common';
import { levelsChanged } from '#dictionary';
import { type Tx } from '#platform/database';
import { type EventConsumer, type PayloadOf } from '#platform/outbox';
import { sensitivityProposed } from '#sensitivity';

import { Forgetting } from '../forgetting.js';

/** Values of fields whose level was raised are kept no longer. */
@Injectable()
export class ForgetWhenLevelsChange implements EventConsumer<typeof levelsChanged.payload> {
  readonly name = 'statistics.forget-when-levels-change';
  readonly event = levelsChanged;

  constructor(private readonly forgetting: Forgetting) {}

  hear(tx: Tx, { fields, datasets }: PayloadOf<typeof levelsChanged>): Promise<void> {
    return this.forgetting.of(tx, fields, datasets);
  }
}

/** Nor are those of fields that detectors think more of. */
@Injectable()
export class ForgetWhenProposed implements EventConsumer<typeof sensitivityProposed.payload> {
  readonly name = 'statistics.forget-when-proposed';
  readonly event = sensitivityProposed;

  constructor(private readonly forgetting: Forgetting) {}

  hear(tx: Tx, { fields }: PayloadOf<typeof sensitivityProposed>): Promise<void> {
    return this.forgetting.of(tx, fields, []);
  }
}
