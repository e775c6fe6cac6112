-- Months in a row below the limit are one case; a month without a sale or a cost ends it.
with months as (
    select
        sales.product_code,
        calendar.month_start,
        calendar.month_end,
        cast(
            sum(sales.net_amount_chain - cast(sales.qty * products.unit_cost as decimal(18, 2)))
            as double
        ) / nullif(cast(sum(sales.net_amount_chain) as double), 0) as margin_share
    from {{ ref('int_sales__lines_kept') }} as sales
    inner join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code and products.product_role = 'fighter'
    inner join {{ ref('int_build__months_listed') }} as calendar
        on
            calendar.is_closed
            and sales.business_date >= calendar.month_start
            and sales.business_date <= calendar.month_end
    where products.unit_cost is not null and sales.net_amount_chain is not null
    group by sales.product_code, calendar.month_start, calendar.month_end
),

losing as (
    select
        months.product_code,
        months.month_start,
        months.month_end,
        months.margin_share,
        limits.value_number as threshold,
        {{ months_between("cast('1900-01-01' as date)", 'months.month_start') }}
        - row_number() over (
            partition by months.product_code order by months.month_start asc
        ) as case_no
    from months
    inner join {{ ref('int_parameters__periods_dated') }} as limits
        on
            limits.code = 'fighter_margin_min'
            and months.month_end >= limits.valid_from
            and months.month_end < limits.valid_before
            and round(months.margin_share, 9) < limits.value_number
),

cases as (
    select
        product_code,
        min(month_end) as opened_date,
        {{ add_days(add_months('max(month_start)', 2), -1) }} as next_month_end,
        min(margin_share) as alert_value,
        max(threshold) as threshold
    from losing
    group by product_code, case_no
)

select
    'FIGHTER_LOSS' as alert_code,
    'product' as entity_type,
    cases.product_code as entity_id,
    cases.opened_date,
    case when cases.next_month_end <= context.as_of then cases.next_month_end end as closed_date,
    cases.alert_value,
    cast(cases.threshold as double) as threshold,
    case
        when cases.next_month_end <= context.as_of
            then 'a month passed in which it did not lose so much'
    end as feedback
from cases
cross join {{ ref('int_build__context_stated') }} as context
