-- 支付订单 payment orders, with the channel's name
TRUNCATE TABLE ods.payment_order;
INSERT INTO ods.payment_order (order_id, repayment_id, customer_id, amount, channel_code, channel_name, status, created_at, load_date)
SELECT o.order_id, o.repayment_id, o.customer_id, o.amount, o.channel_code, ch.channel_name, o.status, o.created_at, DATE '2026-06-30'
  FROM core_src.payment_order AS o
  LEFT JOIN core_src.channel AS ch ON ch.channel_code = o.channel_code;
