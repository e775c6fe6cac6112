{{ config(meta={'requirements': ['TIER-12', 'C360-10']}) }}

-- The tiers of a year bear the whole service cost, to the rounding of what each customer bears.
with told as (
    select
        year,
        sum(service_cost) as service_cost
    from {{ ref('rpt_cost_to_serve') }}
    group by year
),

delivered as (
    select
        extract(year from finance.period) as year,
        sum(finance.amount) as service_cost
    from {{ ref('stg_reference__finance') }} as finance
    inner join {{ ref('int_build__context_stated') }} as context
        on finance.currency = context.chain_currency and finance.period <= context.as_of
    where finance.account = 'service_cost'
    group by extract(year from finance.period)
)

select
    delivered.year,
    delivered.service_cost,
    told.service_cost as service_cost_told
from delivered
left join told on delivered.year = told.year
where told.service_cost is null or abs(told.service_cost - delivered.service_cost) > 1
