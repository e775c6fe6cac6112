-- Months in a row of one product and region are one case.
with conflicts as (
    select
        *,
        {{ months_between("cast('1900-01-01' as date)", 'month_start') }}
        - row_number() over (
            partition by region, product_code, currency order by month_start asc
        ) as case_no
    from {{ ref('int_channels__price_gaps_measured') }}
    where is_conflict
),

cases as (
    select
        region,
        product_code,
        currency,
        min(month_end) as opened_date,
        {{ add_days(add_months('max(month_start)', 2), -1) }} as next_month_end,
        max(price_gap) as alert_value,
        min(gap_limit) as threshold
    from conflicts
    group by region, product_code, currency, case_no
)

select
    'CHANNEL_CONFLICT' as alert_code,
    'region_product' as entity_type,
    cases.region || '/' || cases.product_code
    || case when cases.currency <> context.chain_currency then '/' || cases.currency else '' end
        as entity_id,
    cases.opened_date,
    case when cases.next_month_end <= context.as_of then cases.next_month_end end as closed_date,
    cases.alert_value,
    cast(cases.threshold as double) as threshold,
    case
        when cases.next_month_end <= context.as_of
            then 'a month passed in which the prices of its channels agreed'
    end as feedback
from cases
cross join {{ ref('int_build__context_stated') }} as context
