import { columnAt, type DemoColumn } from './standards.js';

export interface DemoAttribute {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly dataType: 'string' | 'date' | 'code';
  /** The value that says who somebody is. */
  readonly isIdentifier: boolean;
  /** Column by source; the first source is believed first. */
  readonly columns: readonly DemoColumn[];
}

export interface DemoEntity {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** The table of each source and the column that numbers its records. */
  readonly sources: readonly { readonly record: DemoColumn; readonly nameZh: string; readonly nameEn: string }[];
  readonly attributes: readonly DemoAttribute[];
}

const attribute = (
  code: string,
  nameZh: string,
  nameEn: string,
  dataType: DemoAttribute['dataType'],
  core: string,
  bureau?: string,
): DemoAttribute => ({
  code,
  nameZh,
  nameEn,
  dataType,
  isIdentifier: code === 'resident_id',
  columns: [
    columnAt(`core/core/customer#${core}`),
    ...(bureau === undefined ? [] : [columnAt(`bureau/bureau/credit_report#${bureau}`)]),
  ],
});

/** The customer as a master-data entity of two sources: core banking and the bureau. */
export const demoCustomerEntity: DemoEntity = {
  code: 'customer',
  nameZh: '个人客户',
  nameEn: 'Customer',
  sources: [
    { record: columnAt('core/core/customer#customer_id'), nameZh: '核心系统', nameEn: 'Core banking' },
    { record: columnAt('bureau/bureau/credit_report#report_no'), nameZh: '征信机构', nameEn: 'Credit bureau' },
  ],
  attributes: [
    attribute('resident_id', '居民身份证号', 'Resident id', 'string', 'resident_id', 'resident_id'),
    attribute('name', '姓名', 'Name', 'string', 'customer_name', 'name'),
    attribute('mobile', '手机号码', 'Mobile number', 'string', 'mobile', 'mobile'),
    attribute('birth_date', '出生日期', 'Date of birth', 'date', 'birth_date', 'birth_date'),
    // The bureau writes M, F and U: a crosswalk of CS_GENDER joins them.
    attribute('gender', '性别', 'Gender', 'code', 'gender_code', 'gender'),
    attribute('address', '通讯地址', 'Postal address', 'string', 'address', 'address'),
    attribute('email', '电子邮箱', 'E-mail', 'string', 'email'),
    attribute('occupation', '职业', 'Occupation', 'string', 'occupation'),
  ],
};
