-- 支付明细
TRUNCATE TABLE dwd.payment;
INSERT INTO dwd.payment (order_id, repayment_id, contract_id, customer_id, amount, channel_name, succeeded, pay_month)
SELECT o.order_id,
       o.repayment_id,
       r.contract_id,
       coalesce(r.customer_id, o.customer_id),
       CAST(o.amount AS numeric(18,2)),
       coalesce(o.channel_name, '未知渠道'),
       o.status = 'SUCCESS',
       to_char(o.created_at, 'YYYY-MM')
  FROM ods.payment_order AS o
  LEFT JOIN dwd.repayment AS r ON r.repayment_id = o.repayment_id;
