import { Inject, Injectable } from '@nestjs/common';
import { type Notice, type NoticeEvent, Notifications, same, type Said } from '#notifications';
import { type Settings, SETTINGS } from '#platform/config';
import { globalId } from '#platform/graphql';
import { type Tx } from '#platform/database';

import { type Incident, titleOf } from './incident.js';
import { type Waiver } from './waiver.store.js';

type Fact = Notice['facts'][number];

/**
 * Tells people of incidents and waivers: names, numbers, states and times. The sentences of results are left out, since they can hold
 * a value that was found.
 */
@Injectable()
export class IncidentMessages {
  constructor(
    private readonly notifications: Notifications,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Of each incident once for each event and clock. */
  async ofIncidents(tx: Tx, event: NoticeEvent, incidents: readonly Incident[]): Promise<void> {
    await this.notifications.send(
      tx,
      ...incidents.map((incident) => ({
        ...{ event, key: keyOf(event, incident), about: `incident ${incident.id}`, title: titleOf(incident) },
        ...{ severity: incident.severity, sourceId: incident.sourceId, domain: incident.domain, owner: incident.owner },
        facts: this.factsOf(incident),
        path: `/incidents/${globalId('Incident', incident.id)}`,
      })),
    );
  }

  async ofWaiver(tx: Tx, event: NoticeEvent, waiver: Waiver): Promise<void> {
    const { id, state, severity, sourceId, domain, owner } = waiver;
    await this.notifications.send(tx, {
      ...{ event, key: `waiver ${id} ${event} ${state}`, about: `waiver ${id}`, severity, sourceId, domain, owner },
      title: { zh: waiver.ruleNameZh || waiver.ruleNameEn, en: waiver.ruleNameEn || waiver.ruleNameZh },
      facts: [
        fact('数据集', 'Dataset', waiver.datasetName),
        fact('状态', 'State', WAIVER_STATE[state]),
        fact('申请人', 'Asked for by', waiver.requestedBy),
        ...(waiver.decidedBy === null ? [] : [fact('审批人', 'Decided by', waiver.decidedBy)]),
        fact('到期', 'Until', this.momentOf(waiver.until)),
      ],
      path: `/waivers`,
    });
  }

  private factsOf(incident: Incident): Fact[] {
    const { datasetName, sourceName, violations, checked, assignee, children, dueAt, failingRuns } = incident;
    return [
      ...(datasetName === null ? [] : [fact('数据集', 'Dataset', datasetName)]),
      ...(violations === null || checked === null
        ? []
        : [fact('违规 / 检查', 'Violations / checked', `${violations} / ${checked}`)]),
      fact('数据源', 'Source', sourceName),
      fact('失败次数', 'Failing runs', String(failingRuns)),
      ...(children === 0 ? [] : [fact('可能引起的下游问题', 'Probably causes downstream', String(children))]),
      ...(dueAt === null ? [] : [fact('处理期限', 'Due', this.momentOf(dueAt))]),
      ...(assignee === '' ? [] : [fact('处理人', 'Seen to by', assignee)]),
    ];
  }

  private momentOf(at: Date): string {
    const { timeZone } = this.settings;
    const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at);
    return `${parts} ${timeZone}`;
  }
}

const fact = (zh: string, en: string, value: string | Said): Fact => ({
  label: { zh, en },
  value: typeof value === 'string' ? same(value) : value,
});

function keyOf(event: NoticeEvent, { id, clockFrom, flappingSince, resolvedAt, severity }: Incident): string {
  const since = event === 'incident_flapping' ? flappingSince : event === 'incident_resolved' ? resolvedAt : clockFrom;
  const of = event === 'incident_escalated' ? ` ${severity}` : '';
  // What is opened again is told as opened, with a clock of its own.
  return `incident ${id} ${event === 'incident_reopened' ? 'incident_opened' : event} ${since?.toISOString() ?? ''}${of}`;
}

const WAIVER_STATE: Readonly<Record<Waiver['state'], Said>> = {
  requested: { zh: '待审批', en: 'asked for' },
  approved: { zh: '已批准', en: 'granted' },
  rejected: { zh: '未批准', en: 'not granted' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  expired: { zh: '已到期', en: 'expired' },
  revoked: { zh: '已撤销', en: 'revoked' },
};
