-- Who bought in an earlier year too is a regular of the year.
select
    years.customer_id,
    years.calendar_year,
    extract(year from firsts.first_purchase_date) < years.calendar_year as is_regular,
    years.net_spend,
    years.items,
    cast(valued.revenue - valued.cost_of_goods as decimal(18, 2)) as margin
from {{ ref('int_customers__years_summarised') }} as years
inner join {{ ref('int_customers__first_purchases_dated') }} as firsts
    on years.customer_id = firsts.customer_id
left join {{ ref('int_customers__values_measured') }} as valued
    on
        years.customer_id = valued.customer_id
        and years.calendar_year = valued.calendar_year
where years.receipts > 0
