import { Collapse, Form } from 'antd';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language';
import { fieldsOf, type SchemaField } from '../ui/schema-inputs';
import { SchemaInput } from '../ui/SchemaInput';

/** The fields of a connector's settings, under the name "settings" of the form they stand in. */
export function SettingsForm({ schema, registered }: { readonly schema: unknown; readonly registered: boolean }) {
  const { t } = useTranslation('sources');
  const settings = fieldsOf(schema, useLanguage());
  // Those that must be looked at come first; the rest have good values already.
  const last = settings.findLastIndex(({ required, input }) => required || input.kind === 'secret');
  const more = settings.slice(last + 1);
  const inputs = (some: readonly SchemaField[]) => (
    <div className="columns columns-wide">
      {some.map((setting) => (
        <SettingField key={setting.name} setting={setting} registered={registered} />
      ))}
    </div>
  );
  return (
    <>
      {inputs(settings.slice(0, last + 1))}
      {more.length > 0 && (
        <Collapse
          ghost
          items={[{ key: 'more', label: t('moreSettings'), forceRender: true, children: inputs(more) }]}
          className="more-settings"
        />
      )}
    </>
  );
}

function SettingField({ setting, registered }: { readonly setting: SchemaField; readonly registered: boolean }) {
  const { t } = useTranslation();
  const { name, label, hint, required, start, input } = setting;
  return (
    <Form.Item
      name={['settings', name]}
      label={label}
      extra={hint}
      initialValue={start}
      valuePropName={input.kind === 'switch' ? 'checked' : 'value'}
      rules={[{ required, message: t('required') }]}
    >
      <SchemaInput input={input} kept={registered} />
    </Form.Item>
  );
}
