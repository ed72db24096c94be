import { Input } from 'antd';

/** Asks for a moment in local time; empty means now. */
export function MomentField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  /** As `2026-06-30T18:00`. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <label>
      {label}{' '}
      <Input
        type="datetime-local"
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        style={{ width: 215 }}
        allowClear
      />
    </label>
  );
}

/** The moment that was typed, for the API; null: now. */
export const typedMoment = (value: string): string | null => (value === '' ? null : new Date(value).toISOString());
