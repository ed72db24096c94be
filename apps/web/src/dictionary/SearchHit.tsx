import { Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Highlight } from '../ui/Highlight';
import { datasetPath } from '../ui/paths';
import { type Hit } from './dictionary.queries';
import { KindTag } from './KindTag';

/** Where a hit leads, what it is, and where it stands. */
function placeOf(asset: Hit['asset']) {
  return asset.__typename === 'Dataset'
    ? { to: datasetPath(asset.id), kind: asset.kind, source: asset.source.name, path: asset.qualifiedName }
    : {
        to: datasetPath(asset.dataset.id, { column: asset.id }),
        kind: 'FIELD' as const,
        source: asset.dataset.source.name,
        path: `${asset.dataset.qualifiedName} · ${asset.nativeType}`,
      };
}

export function SearchHit({ hit: { asset, rank }, words }: { readonly hit: Hit; readonly words: readonly string[] }) {
  const { t } = useTranslation('dictionary');
  const { to, kind, source, path } = placeOf(asset);
  const text = [asset.entry?.definition, asset.comment].filter(Boolean).join(' — ');
  return (
    <article className="hit">
      <div className="hit-head">
        <KindTag kind={kind} />
        <Link to={to} className="hit-name">
          <Highlight text={asset.name} words={words} />
        </Link>
        {asset.entry?.businessName && (
          <strong>
            <Highlight text={asset.entry.businessName} words={words} />
          </strong>
        )}
        {asset.entry?.tags.map((tag) => (
          <Tag key={tag}>
            <Highlight text={tag} words={words} />
          </Tag>
        ))}
        <Typography.Text type="secondary" className="hit-rank">
          {t(rank)}
        </Typography.Text>
      </div>
      <Typography.Text type="secondary" className="small">
        {source} › <span className="code-small">{path}</span>
      </Typography.Text>
      {text !== '' && (
        <Typography.Paragraph className="hit-text" ellipsis={{ rows: 2 }}>
          <Highlight text={text} words={words} />
        </Typography.Paragraph>
      )}
      {!asset.present && <Typography.Text type="warning">{t('gone')}</Typography.Text>}
    </article>
  );
}
