import { connectorOf } from '#connectors/catalogue';
import { type Bench, CONFORMANCE_CASES, type ConformanceSubject } from '#core/connector-kit';

import { benchOf, outcome, subjectOf } from '../../conformance/connectors/run.js';

/** The conformance suite of one kind as tests, for a `describe`. */
export function suiteOf(kind: string): void {
  let subject: ConformanceSubject;
  let bench: Bench;

  beforeAll(async () => {
    subject = await subjectOf(kind);
    bench = await benchOf(connectorOf(kind), subject);
  }, 120_000);
  afterAll(async () => {
    await bench?.connection.close();
    await subject?.close();
  });

  it.each(CONFORMANCE_CASES.map((each) => [each.title, each] as const))(
    '%s',
    async (_, each) => {
      const { error } = await outcome(each, bench);
      if (error !== undefined) throw error;
    },
    60_000,
  );
}
