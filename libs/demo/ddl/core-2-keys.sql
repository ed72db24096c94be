ALTER TABLE core.branch ADD PRIMARY KEY (branch_id), ADD UNIQUE (branch_code);
ALTER TABLE core.branch ADD FOREIGN KEY (parent_id) REFERENCES core.branch (branch_id);
ALTER TABLE core.product ADD PRIMARY KEY (product_code);
ALTER TABLE core.customer ADD PRIMARY KEY (customer_id), ADD UNIQUE (customer_no);
ALTER TABLE core.customer ADD FOREIGN KEY (branch_id) REFERENCES core.branch (branch_id);
CREATE INDEX customer_resident_id ON core.customer (resident_id);
CREATE INDEX customer_mobile ON core.customer (mobile);
ALTER TABLE core.company ADD PRIMARY KEY (company_id), ADD UNIQUE (credit_code);
ALTER TABLE core.company ADD FOREIGN KEY (legal_rep_id) REFERENCES core.customer (customer_id);
ALTER TABLE core.account ADD PRIMARY KEY (account_id), ADD UNIQUE (card_no);
ALTER TABLE core.account ADD FOREIGN KEY (customer_id) REFERENCES core.customer (customer_id);
ALTER TABLE core.loan_application ADD PRIMARY KEY (application_id);
ALTER TABLE core.loan_application
  ADD FOREIGN KEY (customer_id) REFERENCES core.customer (customer_id),
  ADD FOREIGN KEY (product_code) REFERENCES core.product (product_code),
  ADD FOREIGN KEY (branch_id) REFERENCES core.branch (branch_id);
-- contract_no is not unique and account_id refers to nothing: both were "done by the application".
ALTER TABLE core.loan_contract ADD PRIMARY KEY (contract_id);
ALTER TABLE core.loan_contract
  ADD FOREIGN KEY (application_id) REFERENCES core.loan_application (application_id),
  ADD FOREIGN KEY (customer_id) REFERENCES core.customer (customer_id),
  ADD FOREIGN KEY (product_code) REFERENCES core.product (product_code),
  ADD FOREIGN KEY (branch_id) REFERENCES core.branch (branch_id);
CREATE INDEX loan_contract_no ON core.loan_contract (contract_no);
CREATE INDEX loan_contract_customer ON core.loan_contract (customer_id);
ALTER TABLE core.repayment_plan ADD PRIMARY KEY (contract_id, period_no);
ALTER TABLE core.repayment_plan ADD FOREIGN KEY (contract_id) REFERENCES core.loan_contract (contract_id);
ALTER TABLE core.repayment ADD PRIMARY KEY (repayment_id);
CREATE INDEX repayment_contract ON core.repayment (contract_id, period_no);
ALTER TABLE core.collateral ADD PRIMARY KEY (collateral_id);
ALTER TABLE core.collateral ADD FOREIGN KEY (contract_id) REFERENCES core.loan_contract (contract_id);
ALTER TABLE core.guarantor ADD PRIMARY KEY (guarantor_id);
ALTER TABLE core."客户标签" ADD PRIMARY KEY ("客户号", "标签");
ALTER TABLE core."客户标签" ADD FOREIGN KEY ("客户号") REFERENCES core.customer (customer_id);
ALTER TABLE core."贷后""备注""📝" ADD PRIMARY KEY (memo_id);
ALTER TABLE core."贷后""备注""📝" ADD FOREIGN KEY (contract_id) REFERENCES core.loan_contract (contract_id);
ALTER TABLE pay.channel ADD PRIMARY KEY (channel_code);
ALTER TABLE pay.payment_order ADD PRIMARY KEY (order_id);
ALTER TABLE pay.payment_order ADD FOREIGN KEY (channel_code) REFERENCES pay.channel (channel_code);
