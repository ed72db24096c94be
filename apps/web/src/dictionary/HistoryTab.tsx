import { useQuery } from '@tanstack/react-query';
import { Collapse, Empty, Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language';
import { Failed } from '../ui/Failed';
import { Loading } from '../ui/Loading';
import { type SchemaDiff, schemaDiffQuery, type SchemaVersion, schemaVersionsQuery } from './dictionary.queries';

/** The schemas a dataset had, newest first; each opens to what was different from the one before. */
export function HistoryTab({ datasetId }: { readonly datasetId: string }) {
  const { t } = useTranslation('dictionary');
  const { data: versions, error, refetch } = useQuery(schemaVersionsQuery(datasetId));
  if (error) return <Failed error={error} retry={refetch} />;
  if (!versions) return <Loading />;
  if (versions.length === 0) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('noHistory')} />;
  return (
    <Collapse
      defaultActiveKey={versions[0] && [versions[0].id]}
      items={versions.map((version, at) => ({
        key: version.id,
        label: <VersionTitle version={version} />,
        children: <Difference version={version} before={versions[at + 1]} />,
      }))}
    />
  );
}

function VersionTitle({ version }: { readonly version: SchemaVersion }) {
  const { t } = useTranslation('dictionary');
  const language = useLanguage();
  const say = (at: string) =>
    new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(at));
  return (
    <>
      {version.validTo
        ? t('changesBetween', { from: say(version.validFrom), to: say(version.validTo) })
        : t('changesSince', { date: say(version.validFrom) })}{' '}
      <Typography.Text type="secondary">{t('columnCount', { count: version.fields.length })}</Typography.Text>{' '}
      {version.recordedTo && <Tag>{t('superseded')}</Tag>}
    </>
  );
}

function Difference(props: { readonly version: SchemaVersion; readonly before: SchemaVersion | undefined }) {
  const { t } = useTranslation('dictionary');
  const language = useLanguage();
  const { before, version } = props;
  if (!before) return <>{t('firstSeen')}</>;
  const away = before.validTo !== null && before.validTo < version.validFrom;
  const say = (at: string) =>
    new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));
  return (
    <>
      {away && <p>{t('away', { from: say(before.validTo ?? ''), to: say(version.validFrom) })}</p>}
      <Diff from={before.id} to={version.id} />
    </>
  );
}

function Diff({ from, to }: { readonly from: string; readonly to: string }) {
  const { data: diff, error, refetch } = useQuery(schemaDiffQuery(from, to));
  if (error) return <Failed error={error} retry={refetch} />;
  return diff ? <DiffList diff={diff} /> : <Loading />;
}

function DiffList({ diff }: { readonly diff: SchemaDiff }) {
  const { t } = useTranslation('dictionary');
  const { added, removed, changed, changes } = diff;
  if (added.length + removed.length + changed.length + changes.length === 0) return <>{t('sameSchema')}</>;
  return (
    <ul className="diff">
      {added.map(({ name, nativeType }) => (
        <li key={`+${name}`}>
          <Tag color="success">{t('added')}</Tag>
          <strong>{name}</strong> <span className="code-small">{nativeType}</span>
        </li>
      ))}
      {removed.map(({ name, nativeType }) => (
        <li key={`-${name}`}>
          <Tag color="error">{t('removed')}</Tag>
          <del>{name}</del> <span className="code-small">{nativeType}</span> <ImpactTag impact="BREAKING" />
        </li>
      ))}
      {changed.map(({ name, changes: properties }) => (
        <li key={`~${name}`}>
          <Tag color="warning">{t('changed')}</Tag>
          <strong>{name}</strong> <Properties changes={properties} /> <ImpactTag impact={worst(properties)} />
        </li>
      ))}
      {changes.length > 0 && (
        <li>
          <Tag>{t('itself')}</Tag>
          <Properties changes={changes} /> <ImpactTag impact={worst(changes)} />
        </li>
      )}
    </ul>
  );
}

type Impact = SchemaDiff['impact'];
const ORDER = ['COMPATIBLE', 'REVIEW', 'BREAKING'] as const satisfies readonly Impact[];

const worst = (changes: SchemaDiff['changes']): Impact =>
  ORDER[Math.max(0, ...changes.map(({ impact }) => ORDER.indexOf(impact)))] ?? 'COMPATIBLE';

/** What a change does to whoever reads the dataset; nothing is said of one that does nothing. */
function ImpactTag({ impact }: { readonly impact: Impact }) {
  const { t } = useTranslation('dictionary');
  if (impact === 'COMPATIBLE') return null;
  return (
    <Tag color={impact === 'BREAKING' ? 'red' : 'orange'} title={t(`${impact}Hint`)}>
      {t(impact)}
    </Tag>
  );
}

function Properties({ changes }: { readonly changes: SchemaDiff['changes'] }) {
  return changes.map(({ property, before, after }) => (
    <span key={property} className="code-small change">
      {property}: {before ?? '∅'} → {after ?? '∅'}
    </span>
  ));
}
