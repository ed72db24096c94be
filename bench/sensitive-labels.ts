/**
 * What the columns of three sources hold, labelled by hand: `table: column=category …`, one word each, or several words
 * with `|` where each is right. A column that is not named here holds nothing sensitive. `~column` is not counted: what
 * it holds depends on who looks.
 *
 * The rules of labelling: a name, number or address of a person counts wherever it stands, also masked; an amount only
 * as balance or income and where a row belongs to somebody (what is owed or overdue is a balance); city, region and post
 * code alone are no address; internal keys are nothing; remarks count where rows belong to somebody.
 */
export const labels: Readonly<Record<'demo' | 'bank-loans' | 'core-banking-mariadb', string>> = {
  demo: `
    core.customer: resident_id=resident_id customer_name=person_name name_en=person_name gender_code=gender birth_date=birthday
      marital_code=marital_status mobile=mobile email=email address=address occupation=occupation monthly_income=income
      risk_grade=credit_score
    core.company: credit_code=uscc
    core.account: card_no=bank_card balance=balance
    core.guarantor: guarantor_name=person_name resident_id=resident_id mobile=mobile
    core.贷后"备注"📝: 备注_内容=free_text
    core.v_customer_masked: customer_name=person_name resident_id=resident_id mobile=mobile gender_code=gender
    core.v_active_loan: customer_name=person_name
    core.视图_客户标签: 客户姓名=person_name
    pay.payment_order: card_no=bank_card
    ods.customer: resident_id=resident_id customer_name=person_name gender_code=gender birth_date=birthday mobile=mobile
      address=address monthly_income=income risk_grade=credit_score
    ods.account: card_no=bank_card balance=balance
    ods.guarantor: guarantor_name=person_name resident_id=resident_id mobile=mobile
    ods.bureau_report: resident_id=resident_id person_name=person_name gender=gender birth_date=birthday mobile=mobile
      total_debt=balance
    ods.bureau_score: resident_id=resident_id score=credit_score
    ods.bureau_overdue: resident_id=resident_id overdue_amount=balance
    dwd.customer: resident_id=resident_id customer_name=person_name gender_code=gender gender_name=gender birth_date=birthday
      age=age mobile=mobile bureau_mobile=mobile address=address income_band=income risk_grade=credit_score
      credit_score=credit_score bureau_debt=balance
    dwd.tmp_newest_report: resident_id=resident_id mobile=mobile total_debt=balance
    dwd.party: party_name=person_name resident_id=resident_id mobile=mobile
    dws.loan_overdue: outstanding=balance overdue_amount=balance
    dws.customer_risk: customer_name=person_name outstanding=balance credit_score=credit_score external_overdue=balance
      risk_level=credit_score
    ads.v_high_risk_customer: customer_name=person_name mobile=mobile outstanding=balance risk_level=credit_score
    credit_report: resident_id=resident_id name=person_name gender=gender birth_date=birthday mobile=mobile address=address
      total_debt=balance
    credit_score: resident_id=resident_id score=credit_score
    overdue_record: 证件号码=resident_id|id_document 姓名=person_name 逾期金额=balance`,
  'bank-loans': `
    client: birth_number=birthday|resident_id
    trans: balance=balance account=account_no`,
  'core-banking-mariadb': `
    m_address: street=address address_line_1=address address_line_2=address address_line_3=address town_village=address
      latitude=geolocation longitude=geolocation ~created_by ~updated_by
    m_appuser: username=login_name firstname=person_name lastname=person_name password=password email=email
    m_appuser_previous_password: password=password
    m_client: account_no=account_no firstname=person_name middlename=person_name lastname=person_name fullname=person_name
      display_name=person_name mobile_no=mobile gender_cv_id=gender date_of_birth=birthday
    m_client_identifier: document_key=id_document
    m_client_non_person: incorp_no=uscc remarks=free_text
    m_client_charge: amount_outstanding_derived=balance
    m_cashier_transactions: txn_note=free_text
    m_deposit_account_recurring_detail: total_overdue_amount=balance
    m_group: account_no=account_no
    m_guarantor: firstname=person_name lastname=person_name dob=birthday address_line_1=address address_line_2=address
      house_phone_number=landline|mobile mobile_number=mobile comment=free_text
    m_loan: account_no=account_no principal_outstanding_derived=balance interest_outstanding_derived=balance
      fee_charges_outstanding_derived=balance penalty_charges_outstanding_derived=balance total_outstanding_derived=balance
    m_loan_arrears_aging: principal_overdue_derived=balance interest_overdue_derived=balance
      fee_charges_overdue_derived=balance penalty_charges_overdue_derived=balance total_overdue_derived=balance
    m_loan_charge: amount_outstanding_derived=balance
    m_loan_installment_charge: amount_outstanding_derived=balance
    m_loan_reschedule_request: reschedule_reason_comment=free_text
    m_loan_transaction: outstanding_loan_balance_derived=balance
    m_note: note=free_text
    m_payment_detail: account_number=account_no
    m_portfolio_command_source: ~command_as_json
    m_report_mailing_job: email_recipients=email
    m_savings_account: account_no=account_no account_balance_derived=balance
    m_savings_account_charge: amount_outstanding_derived=balance
    m_savings_account_transaction: running_balance_derived=balance cumulative_balance_derived=balance
    m_selfservice_beneficiaries_tpt: name=person_name
    m_share_account: account_no=account_no
    m_share_account_charge: amount_outstanding_derived=balance
    m_staff: firstname=person_name lastname=person_name display_name=person_name mobile_no=mobile
    oauth_access_token: ~token_id token=password user_name=login_name refresh_token=password
    oauth_client_details: client_secret=password
    oauth_refresh_token: ~token_id token=password
    schema_version: ~installed_by
    sms_messages_outbound: mobile_no=mobile message=free_text`,
};

/** The labels of a source by `table#column`, blanks in names written as underscores; `undefined` is not counted. */
export function labelsOf(source: keyof typeof labels): Map<string, readonly string[] | undefined> {
  const found = new Map<string, readonly string[] | undefined>();
  for (const line of labels[source].trim().split(/\n(?= {4}\S)/)) {
    const [table = '', rest = ''] = line.trim().split(/:\s+/);
    for (const item of rest.split(/\s+/)) {
      const [column = '', categories] = item.replace(/^~/, '').split('=');
      found.set(`${table}#${column}`, categories?.split('|'));
    }
  }
  return found;
}
