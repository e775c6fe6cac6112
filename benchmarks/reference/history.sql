-- Facts and customer states of the whole history. Variables: lake (folder), as_of (date).
-- Written for speed by hand: no layers, no tests, no contracts, thresholds as plain numbers.

-- The newest version of every line, void ones too: a night may correct them.
create table sale_versions as
select
    store_id,
    receipt_id,
    line_no,
    cast(sold_at - interval 4 hour as date) as business_date,
    customer_id,
    qty,
    unit_price,
    net_amount,
    refund_of,
    coalesce(void, false) as is_void,
    updated_at,
    load_id
from read_parquet(getvariable('lake') || '/pos_sales/*.parquet')
qualify row_number() over (
    partition by store_id, receipt_id, line_no order by updated_at desc nulls last, load_id
) = 1;

create table fct_sales as
select
    sales.* exclude (is_void, updated_at, load_id),
    sales.qty < 0 or sales.refund_of is not null as is_refund,
    case when sales.refund_of is not null then sold.receipt_id is not null end as is_linked
from sale_versions as sales
left join (
    select distinct store_id, receipt_id
    from sale_versions
    where not is_void
      and (store_id, receipt_id) in (select store_id, refund_of from sale_versions)
) as sold on sales.store_id = sold.store_id and sales.refund_of = sold.receipt_id
where not sales.is_void and sales.business_date <= getvariable('as_of');

create table customer_days as
select
    customer_id,
    business_date,
    count(distinct case when not is_refund then store_id || ' ' || receipt_id end) as receipts,
    count(distinct case when not is_refund and unit_price > 0 then store_id || ' ' || receipt_id end)
        as paid_receipts,
    count(*) as line_count,
    sum(qty) as items,
    sum(net_amount) as net_spend
from fct_sales
where customer_id is not null
group by all;

create table store_days as
select
    store_id,
    business_date,
    count(*) as line_count,
    sum(net_amount) as net_amount
from fct_sales
group by all;

create table customer_years as
select
    customer_id,
    year(business_date) as year,
    sum(receipts) as receipts,
    sum(line_count) as line_count,
    sum(items) as items,
    sum(net_spend) as net_spend,
    min(business_date) filter (receipts > 0) as first_purchase_date,
    max(business_date) filter (receipts > 0) as last_purchase_date,
    count(*) filter (receipts > 0) as purchase_days
from customer_days
group by all;

-- Who bought in which month, quarter and year.
create table periods_bought as
select distinct
    kind,
    date_trunc(kind, business_date)::date as period_start,
    customer_id
from customer_days, unnest(['month', 'quarter', 'year']) kinds(kind)
where paid_receipts > 0;
