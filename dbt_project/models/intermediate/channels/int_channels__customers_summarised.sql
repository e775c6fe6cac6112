-- Known customers only; whoever only gave back bought through no channel.
select
    customer_id,
    cast(extract(year from business_date) as integer) as calendar_year,
    channel,
    sum(net_amount_chain) as net_spend
from {{ ref('int_sales__lines_kept') }}
where customer_id is not null
group by customer_id, extract(year from business_date), channel
having count(case when not is_refund then 1 end) > 0
