-- One night: what arrived replaces what it corrects, the dates it touched are written anew, and so
-- are the states of the customers of those dates. Variables: fresh (list of files), as_of (date).

create temp table arrived as
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
from read_parquet(getvariable('fresh'))
qualify row_number() over (
    partition by store_id, receipt_id, line_no order by updated_at desc nulls last, load_id
) = 1;

create temp table replaced as
select sales.*
from sale_versions as sales
semi join arrived using (store_id, receipt_id, line_no);

delete from arrived
using replaced as was
where
    arrived.store_id = was.store_id
    and arrived.receipt_id = was.receipt_id
    and arrived.line_no = was.line_no
    and (
        coalesce(arrived.updated_at, '-infinity') < coalesce(was.updated_at, '-infinity')
        or (
            arrived.updated_at is not distinct from was.updated_at
            and arrived.load_id >= was.load_id
        )
    );

delete from sale_versions as sales
using arrived
where
    sales.store_id = arrived.store_id
    and sales.receipt_id = arrived.receipt_id
    and sales.line_no = arrived.line_no;

insert into sale_versions from arrived;

-- A refund is linked on the date of the refund, though it is the sale that arrives.
create temp table touched_dates as
select business_date from arrived
union
select business_date from replaced
union
select refunds.business_date
from sale_versions as refunds
inner join arrived
    on refunds.store_id = arrived.store_id and refunds.refund_of = arrived.receipt_id;

create temp table touched_customers as
select customer_id from fct_sales where business_date in (from touched_dates)
union
select customer_id from arrived where customer_id is not null;

delete from fct_sales where business_date in (from touched_dates);

insert into fct_sales
with dated as materialized (
    select * from sale_versions where business_date in (from touched_dates)
)
select
    sales.* exclude (is_void, updated_at, load_id),
    sales.qty < 0 or sales.refund_of is not null as is_refund,
    case when sales.refund_of is not null then sold.receipt_id is not null end as is_linked
from dated as sales
left join (
    select distinct store_id, receipt_id
    from sale_versions
    where not is_void and (store_id, receipt_id) in (select store_id, refund_of from dated)
) as sold on sales.store_id = sold.store_id and sales.refund_of = sold.receipt_id
where not sales.is_void and sales.business_date <= getvariable('as_of');

delete from customer_days where business_date in (from touched_dates);

insert into customer_days
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
where customer_id is not null and business_date in (from touched_dates)
group by all;

delete from store_days where business_date in (from touched_dates);

insert into store_days
select
    store_id,
    business_date,
    count(*) as line_count,
    sum(net_amount) as net_amount
from fct_sales
where business_date in (from touched_dates)
group by all;

delete from customer_years where customer_id in (from touched_customers);

insert into customer_years
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
where customer_id in (from touched_customers)
group by all;

delete from periods_bought where customer_id in (from touched_customers);

insert into periods_bought
select distinct
    kind,
    date_trunc(kind, business_date)::date as period_start,
    customer_id
from customer_days, unnest(['month', 'quarter', 'year']) kinds(kind)
where paid_receipts > 0 and customer_id in (from touched_customers);
