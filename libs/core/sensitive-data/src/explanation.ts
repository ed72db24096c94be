import { type Words } from '#core/connector-kit';

/**
 * One reason for or against a candidate, as a code and what fills it in. Parameters are numbers and words of our own
 * tables: never a value of the column.
 */
export type Reason =
  | { readonly code: 'name_says' | 'name_hints' | 'comment_says' | 'comment_hints'; readonly term: string }
  | { readonly code: 'said_of_person' | 'said_of_thing'; readonly term: string }
  | { readonly code: 'beside_personal_columns' | 'belongs_to_somebody' | 'belongs_to_nobody' }
  | {
      readonly code: 'check_digit_right' | 'form_right' | 'form_wrong' | 'masked' | 'encrypted';
      readonly count: number;
      readonly of: number;
    }
  | { readonly code: 'few_values'; readonly distinct: number; readonly of: number }
  | { readonly code: 'comment_says_otherwise'; readonly category: string };

/** A reason as a sentence in both languages. */
export function sayReason(reason: Reason): Words {
  switch (reason.code) {
    case 'name_says':
      return { en: `The name says “${reason.term}”.`, zh: `字段名表示“${reason.term}”。` };
    case 'name_hints':
      return { en: `The name may mean it: “${reason.term}”.`, zh: `字段名可能表示该类别：“${reason.term}”。` };
    case 'comment_says':
      return { en: `The comment says “${reason.term}”.`, zh: `注释写明“${reason.term}”。` };
    case 'comment_hints':
      return { en: `The comment mentions “${reason.term}”.`, zh: `注释提到“${reason.term}”。` };
    case 'said_of_person':
      return { en: `It is said of a person: “${reason.term}”.`, zh: `描述对象是人：“${reason.term}”。` };
    case 'said_of_thing':
      return {
        en: `It is said of a thing, not of a person: “${reason.term}”.`,
        zh: `描述对象不是人：“${reason.term}”。`,
      };
    case 'beside_personal_columns':
      return { en: 'Columns beside it name a person.', zh: '同表有标识个人的字段。' };
    case 'belongs_to_somebody':
      return { en: 'Rows belong to a customer, an account or a contract.', zh: '记录归属于客户、账户或合同。' };
    case 'belongs_to_nobody':
      return { en: 'Nothing in the dataset says whom a row belongs to.', zh: '数据集中没有说明记录归属的字段。' };
    case 'check_digit_right':
      return {
        en: `${reason.count} of ${reason.of} values pass the check (check digit or known elements).`,
        zh: `${reason.of} 个值中有 ${reason.count} 个通过校验（校验位或特征元素）。`,
      };
    case 'form_right':
      return {
        en: `${reason.count} of ${reason.of} values have the form.`,
        zh: `${reason.of} 个值中有 ${reason.count} 个形式相符。`,
      };
    case 'form_wrong':
      return {
        en: `Only ${reason.count} of ${reason.of} values look like it.`,
        zh: `${reason.of} 个值中只有 ${reason.count} 个形式相符。`,
      };
    case 'masked':
      return {
        en: `${reason.count} of ${reason.of} values are masked already.`,
        zh: `${reason.of} 个值中有 ${reason.count} 个已脱敏。`,
      };
    case 'encrypted':
      return {
        en: `${reason.count} of ${reason.of} values look encrypted or hashed.`,
        zh: `${reason.of} 个值中有 ${reason.count} 个疑似密文或摘要。`,
      };
    case 'few_values':
      return {
        en: `There are only ${reason.distinct} different values among ${reason.of}: rather a code list.`,
        zh: `${reason.of} 个值中只有 ${reason.distinct} 个不同值，更像代码。`,
      };
    case 'comment_says_otherwise':
      return {
        en: `The comment speaks of another category: ${reason.category}.`,
        zh: `注释指向其他类别：${reason.category}。`,
      };
    default:
      return reason satisfies never;
  }
}
