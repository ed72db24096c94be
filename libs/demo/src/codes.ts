/** The code sets of the demo bank: one spelling, used by the generator, the rules and the standards. */
export interface Code {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
}

const codes = (...rows: readonly (readonly [string, string, string])[]): readonly Code[] =>
  rows.map(([code, zh, en]) => ({ code, zh, en }));

export const codesOf = (list: readonly Code[]): string[] => list.map(({ code }) => code);

/** GB/T 2261.1 */
export const GENDER = codes(
  ['0', '未知的性别', 'Unknown'],
  ['1', '男性', 'Male'],
  ['2', '女性', 'Female'],
  ['9', '未说明的性别', 'Not stated'],
);

/** GB/T 2261.2, the main classes. */
export const MARITAL = codes(
  ['10', '未婚', 'Never married'],
  ['20', '已婚', 'Married'],
  ['30', '丧偶', 'Widowed'],
  ['40', '离婚', 'Divorced'],
  ['90', '未说明', 'Not stated'],
);

export const LOAN_STATUS = codes(
  ['NORMAL', '正常', 'Normal'],
  ['OVERDUE', '逾期', 'Overdue'],
  ['SETTLED', '结清', 'Settled'],
  ['WRITTEN_OFF', '核销', 'Written off'],
);

/** The warehouse spells the same states in its own way. */
export const DWD_LOAN_STATUS = codes(
  ['01', '正常', 'Normal'],
  ['02', '逾期', 'Overdue'],
  ['03', '结清', 'Settled'],
  ['04', '核销', 'Written off'],
);

export const APPLICATION_STATUS = codes(
  ['APPROVED', '通过', 'Approved'],
  ['REJECTED', '拒绝', 'Rejected'],
  ['CANCELLED', '客户取消', 'Cancelled'],
  ['PENDING', '审批中', 'Pending'],
);

/** 贷款五级分类 */
export const RISK_CLASS = codes(
  ['1', '正常', 'Pass'],
  ['2', '关注', 'Special mention'],
  ['3', '次级', 'Substandard'],
  ['4', '可疑', 'Doubtful'],
  ['5', '损失', 'Loss'],
);

export const PRODUCT_TYPE = codes(
  ['CONS', '消费贷款', 'Consumer loan'],
  ['BIZ', '经营贷款', 'Business loan'],
  ['CAR', '汽车贷款', 'Car loan'],
  ['EDU', '教育分期', 'Education instalments'],
);

/** ISO 4217, as far as the bank lends. */
export const CURRENCY = codes(
  ['CNY', '人民币', 'Renminbi'],
  ['USD', '美元', 'US dollar'],
  ['HKD', '港元', 'HK dollar'],
);

export const PAYMENT_STATUS = codes(
  ['INIT', '待支付', 'Initiated'],
  ['SUCCESS', '成功', 'Succeeded'],
  ['FAILED', '失败', 'Failed'],
  ['REFUNDED', '已退款', 'Refunded'],
);

export const OVERDUE_STATUS = codes(
  ['1', '已结清', 'Settled'],
  ['2', '逾期中', 'Overdue'],
  ['3', '已核销', 'Written off'],
);

export const COLLATERAL_TYPE = codes(
  ['HOUSE', '房产', 'House'],
  ['CAR', '车辆', 'Car'],
  ['DEPOSIT', '存单', 'Deposit'],
);

export const RISK_GRADE = codes(
  ['A', '优', 'Excellent'],
  ['B', '良', 'Good'],
  ['C', '中', 'Fair'],
  ['D', '差', 'Poor'],
  ['E', '拒绝', 'Refuse'],
);
