import { Input, InputNumber, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';

import { type SchemaFieldInput } from './schema-inputs';

/** What a property of a schema is entered with. Form.Item hands id, value and onChange in; they go on to the input. */
export function SchemaInput({
  input,
  kept = false,
  columnsOf,
  ...given
}: {
  readonly input: SchemaFieldInput;
  /** There is a value that is not shown: a secret. */
  readonly kept?: boolean;
  readonly columnsOf?: (dataset: string) => readonly string[];
}) {
  const { t } = useTranslation('ui');
  switch (input.kind) {
    case 'secret':
      return <Input.Password {...given} autoComplete="new-password" placeholder={kept ? t('unchanged') : undefined} />;
    case 'choice':
      return (
        <Select
          {...given}
          mode={input.several ? 'multiple' : undefined}
          allowClear={input.several}
          options={input.of.map((value) => ({ value, label: value }))}
        />
      );
    case 'columns':
      return (
        <Select
          {...given}
          showSearch
          allowClear
          mode={input.several ? 'multiple' : undefined}
          options={(columnsOf?.(input.of) ?? []).map((value) => ({ value, label: value }))}
        />
      );
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
    case 'condition':
    case 'json':
      return (
        <Input.TextArea {...given} autoSize={{ minRows: 1, maxRows: 10 }} className="code-small" spellCheck={false} />
      );
    case 'text':
      return <Input {...given} autoComplete="off" spellCheck={false} />;
    default:
      return input satisfies never;
  }
}
