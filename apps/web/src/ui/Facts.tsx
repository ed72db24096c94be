import { Descriptions } from 'antd';

/** A JSON value for people: the names and values of an object, the rest as it is written. */
export function Facts({ value }: { readonly value: unknown }) {
  if (!isRecord(value)) return <Plain value={value} />;
  return (
    <Descriptions
      size="small"
      column={{ xs: 1, md: 2, xl: 3 }}
      items={Object.entries(value).map(([name, one]) => ({ key: name, label: name, children: <Plain value={one} /> }))}
    />
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function Plain({ value }: { readonly value: unknown }) {
  if (value === null || value === undefined) return <>—</>;
  if (typeof value === 'object') return <pre className="code">{JSON.stringify(value, null, 2)}</pre>;
  return <span className="sentence">{typeof value === 'string' ? value : JSON.stringify(value)}</span>;
}
