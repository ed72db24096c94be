import { auditEntities, AuditLog, Changes } from '#audit';
import { systemActor } from '#kernel';
import { DataSource } from 'typeorm';

import { testContext, type TestContext } from '../../../test/support/context.js';

const actor = systemActor('测试 "test" 😀');

describe('audit entries', () => {
  let context: TestContext;
  let changes: Changes;
  let log: AuditLog;

  beforeAll(async () => {
    context = await testContext([], auditEntities);
    changes = context.app.get(Changes);
    log = context.app.get(AuditLog);
  });
  afterAll(() => context.stop());

  const change = (name: string) =>
    changes.make(actor, (it) =>
      it.record('thing.changed', { kind: 'thing', id: '1', name }, { b: 1, a: { d: 2, c: [new Date(0)] } }),
    );

  it('form one chain, also when many are written at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, at) => change(`名字 ${at}`)));
    expect(await log.verify()).toEqual({ entries: 20, intact: true, brokenAt: null });
    const { items, hasNext, total } = await log.list({}, { first: 5 });
    expect(items.map(({ number }) => number)).toEqual(['20', '19', '18', '17', '16']);
    expect([hasNext, total]).toEqual([true, 20]);
  });

  it('are not written when the change fails, and a change without one is not made', async () => {
    const before = (await log.verify()).entries;
    await expect(
      changes.make(actor, async (it) => {
        await it.record('thing.changed', { kind: 'thing', id: '1', name: 'x' });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await expect(changes.make(actor, async () => undefined)).rejects.toThrow(/without an audit entry/);
    expect((await log.verify()).entries).toBe(before);
  });

  it('cannot be changed or removed, and the chain tells when somebody does it all the same', async () => {
    await change('x');
    const db = context.app.get(DataSource);
    await expect(db.query(`UPDATE audit.entry SET action = 'other'`)).rejects.toThrow(/never changed/);
    await expect(db.query(`DELETE FROM audit.entry`)).rejects.toThrow(/never changed/);
    await expect(db.query(`TRUNCATE audit.entry`)).rejects.toThrow(/never changed/);
    await db.query(`ALTER TABLE audit.entry DISABLE TRIGGER entry_is_final`);
    await db.query(`UPDATE audit.entry SET details = '{"a": 1}' WHERE number = 3`);
    expect(await log.verify()).toMatchObject({ intact: false, brokenAt: '3' });
  });
});
