import { Collapse, Form, Input, InputNumber, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';

import { useLanguage } from '../i18n/use-language';
import { type Setting, settingsOf } from './settings-schema';

/** The fields of a connector's settings, under the name "settings" of the form they stand in. */
export function SettingsForm({ schema, registered }: { readonly schema: unknown; readonly registered: boolean }) {
  const { t } = useTranslation('sources');
  const { first, more } = settingsOf(schema, useLanguage());
  const fields = (settings: readonly Setting[]) =>
    settings.map((setting) => <SettingField key={setting.name} setting={setting} registered={registered} />);
  return (
    <>
      {fields(first)}
      {more.length > 0 && (
        <Collapse
          ghost
          items={[{ key: 'more', label: t('moreSettings'), forceRender: true, children: fields(more) }]}
          className="more-settings"
        />
      )}
    </>
  );
}

function SettingField({ setting, registered }: { readonly setting: Setting; readonly registered: boolean }) {
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
      <SettingInput input={input} registered={registered} />
    </Form.Item>
  );
}

/** Form.Item hands id, value and onChange in; they go on to the input. */
function SettingInput({
  input,
  registered,
  ...given
}: {
  readonly input: Setting['input'];
  readonly registered: boolean;
}) {
  const { t } = useTranslation('sources');
  switch (input.kind) {
    case 'secret':
      return (
        <Input.Password {...given} autoComplete="new-password" placeholder={registered ? t('unchanged') : undefined} />
      );
    case 'choice':
      return <Select {...given} options={input.of.map((value) => ({ value, label: value }))} />;
    case 'switch':
      return <Switch {...given} />;
    case 'list':
      return <Select {...given} mode="tags" open={false} suffixIcon={null} />;
    case 'number':
      return (
        <InputNumber
          {...given}
          min={input.min}
          max={input.max}
          precision={input.whole ? 0 : undefined}
          className="wide"
        />
      );
    case 'lines':
      return <Input.TextArea {...given} autoSize={{ minRows: 2, maxRows: 8 }} className="code-small" />;
    case 'text':
      return <Input {...given} autoComplete="off" spellCheck={false} />;
    default:
      return input satisfies never;
  }
}
