import { type LevelTemplate } from '../levels.js';
import { rulesOf } from './build.js';

/**
 * In the manner of GB/T 43697-2024: core, important and general data, the general ones graded. Single columns are general
 * data; whether a dataset is important or core is decided by its size and subject, by people.
 */
export const gbt43697: LevelTemplate = {
  code: 'gbt-43697',
  title: {
    en: 'After GB/T 43697-2024 (core, important, general data)',
    zh: '参照 GB/T 43697-2024（核心数据、重要数据、一般数据）',
  },
  maskedLowersBy: 1,
  rules: rulesOf([
    {
      level: 'L4',
      ownClass: '一般数据（敏感个人信息）',
      en: 'General data, sensitive personal information whose loss endangers somebody or their property.',
      zh: '一般数据中的敏感个人信息：泄露后容易危害人格尊严或人身、财产安全。',
      article: 'GB/T 43697-2024, Annex B and H; GB/T 45574-2025',
      tag: 'K',
      categories: [
        'password',
        'card_security',
        'biometric',
        'medical',
        'religion',
        'geolocation',
        'bank_card',
        'account_no',
        'balance',
        'credit_score',
      ],
    },
    {
      level: 'L3',
      ownClass: '一般数据（个人信息）',
      en: 'General data, personal information that names somebody.',
      zh: '一般数据中的个人信息：可识别特定自然人。',
      article: 'GB/T 43697-2024, Annex B',
      tag: 'K',
      categories: [
        'person_name',
        'resident_id',
        'passport',
        'driving_licence',
        'travel_permit',
        'id_document',
        'social_security',
        'birthday',
        'mobile',
        'landline',
        'email',
        'address',
        'social_account',
        'login_name',
        'income',
        'verification_code',
        'vehicle_plate',
        'free_text',
        'marital_status',
        'occupation',
        'ethnicity',
      ],
    },
    {
      level: 'L2',
      ownClass: '一般数据',
      en: 'General data that names nobody by itself.',
      zh: '一般数据：单独不能识别特定自然人。',
      article: 'GB/T 43697-2024, Annex H',
      tag: 'K',
      categories: ['age', 'gender', 'nationality', 'ip_address', 'mac_address', 'device_id', 'tax_number'],
    },
    {
      level: 'L1',
      ownClass: '一般数据（公开）',
      en: 'General data that is published already.',
      zh: '一般数据：已合法公开。',
      article: 'GB/T 43697-2024, Annex H',
      tag: 'K',
      categories: ['uscc'],
    },
  ]),
};
