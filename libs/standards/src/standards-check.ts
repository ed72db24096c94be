import { Injectable } from '@nestjs/common';
import { type Change, Changes, type Subject } from '#audit';
import { type Connection } from '#core/connector-kit';
import { type CodesFound, judgeField } from '#core/standards-matcher';
import { type Actor, AppError, Clock } from '#kernel';
import { Sources } from '#sources';

import { checkStandards } from './check-standards.job.js';
import { CodeSets } from './code-sets.js';
import { countUnknownCodes, sentenceOf } from './code-count.js';
import { DataElements } from './data-elements.js';
import { type Case, type OutcomeCounts, Verdicts } from './verdicts.js';

/** What is checked: the mapped fields of a source, or of a data element. */
export type CheckScope = { readonly sourceId: string } | { readonly elementId: string };

export interface CheckSummary extends OutcomeCounts {
  readonly checked: number;
  /** Verdicts that are not as they were before. */
  readonly changed: number;
}

const CASES_AT_ONCE = 100;

/** Judges mapped fields by the elements they are mapped to (落标检查). */
@Injectable()
export class StandardsCheck {
  constructor(
    private readonly changes: Changes,
    private readonly sources: Sources,
    private readonly elements: DataElements,
    private readonly codeSets: CodeSets,
    private readonly verdicts: Verdicts,
    private readonly clock: Clock,
  ) {}

  /** Asks for the check of a source's mapped fields; gives the job's id. @throws {NotFound} */
  async request(actor: Actor, sourceId: string): Promise<string> {
    const subject = await this.subjectOf({ sourceId });
    return this.changes.make(actor, async (change: Change) => {
      await change.record('standards-check.requested', subject);
      return change.request(checkStandards, { sourceId }, subject);
    });
  }

  /** Checks now. What a source does not answer becomes a verdict "error"; the rest goes on. */
  async run(
    actor: Actor,
    scope: CheckScope,
    { signal, progress }: { signal: AbortSignal; progress(share: number, message?: string): void },
  ): Promise<CheckSummary> {
    const subject = await this.subjectOf(scope);
    const elementId = 'elementId' in scope ? scope.elementId : undefined;
    const day = this.elements.today();
    const sources = await this.verdicts.sourcesWithCases(scope, day);
    const total = sources.reduce((sum, { cases }) => sum + cases, 0);
    const sum = { checked: 0, changed: 0, pass: 0, fail: 0, not_evaluated: 0, error: 0 };
    for (const { sourceId } of sources) {
      const looker = new CodeLooker(this.sources, this.codeSets, sourceId, day, signal);
      try {
        for (let after: string | undefined; ;) {
          signal.throwIfAborted();
          const cases = await this.verdicts.cases(sourceId, elementId, day, after, CASES_AT_ONCE);
          if (cases.length === 0) break;
          after = cases.at(-1)?.mappingId;
          const judged = [];
          for (const of of cases) {
            const verdict = judgeField(of.field, of.element, await looker.look(of));
            judged.push({ of, verdict });
            sum[verdict.overall]++;
            sum.checked++;
            progress(sum.checked / Math.max(1, total), `${of.dataset}.${of.field.name}`);
          }
          sum.changed += await this.verdicts.keep(judged, this.clock.now());
        }
      } finally {
        await looker.close();
      }
    }
    await this.changes.make(actor, (change) => change.record('standards.checked', subject, sum));
    return sum;
  }

  private async subjectOf(scope: CheckScope): Promise<Subject> {
    if ('elementId' in scope) {
      const { id, code } = await this.elements.get(scope.elementId);
      return { kind: 'data-element', id, name: code };
    }
    const { id, name } = await this.sources.get(scope.sourceId);
    return { kind: 'source', id, name };
  }
}

/** Looks up the values of one source's columns over one connection, opened when the first is needed. */
class CodeLooker {
  private connection: Connection | undefined;
  private outOfReach: CodesFound | undefined;
  private readonly codes = new Map<string, readonly string[]>();

  constructor(
    private readonly sources: Sources,
    private readonly codeSets: CodeSets,
    private readonly sourceId: string,
    private readonly day: string,
    private readonly signal: AbortSignal,
  ) {}

  async look({ element, scope, dataset, field, sensitive }: Case): Promise<CodesFound | null> {
    if (element.codeSetId === null) return null;
    // A source that is away is not asked again for each of its columns: each time would wait for its timeout.
    if (this.outOfReach) return this.outOfReach;
    const codes = await this.codesOf(element.codeSetId);
    try {
      this.connection ??= await this.sources.connect(this.sourceId);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.outOfReach = { state: 'error', reason: sentenceOf(error) };
      return this.outOfReach;
    }
    const column = { scope, dataset, field: field.name, codes, keepCodes: !sensitive };
    const found = await countUnknownCodes(this.connection, column, this.signal);
    if (found.outOfReach === true) this.outOfReach = found;
    return found;
  }

  async close(): Promise<void> {
    await this.connection?.close();
  }

  private async codesOf(codeSetId: string): Promise<readonly string[]> {
    const known = this.codes.get(codeSetId) ?? (await this.codeSets.codesOn(codeSetId, this.day));
    this.codes.set(codeSetId, known);
    return known;
  }
}
