import { useQuery } from '@tanstack/react-query';
import { Descriptions, Space, Timeline, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';

import { useLanguage } from '../i18n/use-language';
import { SeverityTag } from '../quality/StatusTag';
import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { Moment } from '../ui/Moment';
import { Page } from '../ui/Page';
import { datasetPath, incidentPath, sourcePath } from '../ui/paths';
import { IncidentClock, IncidentState } from './IncidentState';
import { IncidentSteps } from './IncidentSteps';
import { incidentQuery, incidentsQuery, type WholeIncident } from './incidents.queries';
import { WaiverDecision } from './WaiverDecision';

export default function IncidentPage() {
  const { id = '' } = useParams();
  const { t } = useTranslation('incidents');
  const zh = useLanguage() === 'zh';
  const { data, error, refetch } = useQuery({ ...incidentQuery(id), refetchInterval: 30_000 });
  if (error && !data) return <Failed error={error} retry={refetch} />;
  if (!data) return <Loading />;
  return (
    <Page
      title={zh ? data.titleZh : data.titleEn}
      hint={
        <Space>
          <SeverityTag severity={data.severity} />
          <IncidentState {...data} />
          <Link to="/incidents">{t('back')}</Link>
        </Space>
      }
      actions={<IncidentSteps incident={data} />}
    >
      <IncidentFacts incident={data} />
      {data.waiver && (
        <section className="below">
          <Typography.Title level={2} className="small">
            {t('waiverOf')}
          </Typography.Title>
          <p>
            {t(data.waiver.state)} · {t('until')} <Moment at={data.waiver.until} /> · {t('askedBy')}{' '}
            {data.waiver.requestedBy}
          </p>
          <p className="sentence">{data.waiver.reason}</p>
          <WaiverDecision waiver={data.waiver} />
        </section>
      )}
      {data.childCount > 0 && <Children id={data.id} />}
      <section className="below">
        <Typography.Title level={2} className="small">
          {t('history')}
        </Typography.Title>
        <Timeline
          items={data.events.toReversed().map((event, place) => ({
            key: String(place),
            content: (
              <>
                {t(wordOf(event.kind))} · {event.byWhom} · <Moment at={event.at} />
                {event.text !== '' && event.kind !== 'GROUPED' && <div className="muted sentence">{event.text}</div>}
              </>
            ),
          }))}
        />
      </section>
    </Page>
  );
}

type EventWord = Exclude<Lowercase<WholeIncident['events'][number]['kind']>, 'flapping'> | 'event_flapping';

/** "Flapping" is also how an incident is; what happened has its own words. */
const wordOf = (kind: WholeIncident['events'][number]['kind']): EventWord =>
  kind === 'FLAPPING' ? 'event_flapping' : (kind.toLowerCase() as Exclude<EventWord, 'event_flapping'>);

function IncidentFacts({ incident }: { readonly incident: WholeIncident }) {
  const { t } = useTranslation('incidents');
  const zh = useLanguage() === 'zh';
  const { datasetId, datasetName, sourceId, sourceName, parent, violations, checked, cause } = incident;
  const items = [
    {
      key: 'said',
      label: t('said'),
      span: 'filled' as const,
      children: zh ? incident.sentenceZh : incident.sentenceEn,
    },
    ...(datasetId
      ? [
          {
            key: 'dataset',
            label: t('dataset'),
            children: <Link to={datasetPath(datasetId, { tab: 'quality' })}>{datasetName}</Link>,
          },
        ]
      : []),
    { key: 'source', label: t('source'), children: <Link to={sourcePath(sourceId)}>{sourceName}</Link> },
    ...(violations === null
      ? []
      : [{ key: 'violations', label: t('violations'), children: `${violations} / ${checked ?? ''}` }]),
    { key: 'since', label: t('since'), children: <Moment at={incident.openedAt} /> },
    { key: 'due', label: t('due'), children: <IncidentClock {...incident} /> },
    { key: 'assignee', label: t('assignee'), children: incident.assignee || t('nobody') },
    { key: 'owner', label: t('owner'), children: incident.owner || '—' },
    { key: 'failing', label: t('failingRuns'), children: incident.failingRuns },
    { key: 'passing', label: t('passingRuns'), children: incident.passingRuns },
    ...(cause ? [{ key: 'cause', label: t('cause'), children: t(cause) }] : []),
    ...(parent
      ? [
          {
            key: 'parent',
            label: t('probablyBy'),
            children: <Link to={incidentPath(parent.id)}>{zh ? parent.titleZh : parent.titleEn}</Link>,
          },
        ]
      : []),
  ];
  return <Descriptions bordered size="small" column={{ xs: 1, md: 2 }} items={items} className="below" />;
}

/** What it probably causes downstream. */
function Children({ id }: { readonly id: string }) {
  const { t } = useTranslation('incidents');
  const zh = useLanguage() === 'zh';
  const { data } = useQuery(incidentsQuery({ first: 100, parentId: id }));
  return (
    <section className="below">
      <Typography.Title level={2} className="small">
        {t('probablyCauses')}
      </Typography.Title>
      <ul>
        {data?.nodes.map((child) => (
          <li key={child.id}>
            <Link to={incidentPath(child.id)}>{zh ? child.titleZh : child.titleEn}</Link>{' '}
            <span className="muted">{child.datasetName}</span> <IncidentState {...child} />
          </li>
        ))}
      </ul>
    </section>
  );
}
