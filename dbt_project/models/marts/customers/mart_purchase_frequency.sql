-- Two receipts of a day are two receipts and one visit day. The tier is that of the period's year.
with rated as (
    select
        bought.period_kind,
        bought.period_start,
        coalesce(tiers.tier, 'not rated') as tier,
        bought.receipts,
        bought.visit_days
    from {{ ref('int_retention__periods_bought') }} as bought
    inner join {{ ref('int_retention__periods_listed') }} as periods
        on
            bought.period_kind = periods.period_kind
            and bought.period_start = periods.period_start
    left join {{ ref('mart_customer_tier') }} as tiers
        on
            bought.customer_id = tiers.customer_id
            and extract(year from bought.period_start) = tiers.year
),

members as (
    select
        period_kind,
        period_start,
        'all' as tier,
        receipts,
        visit_days
    from rated
    union all
    select
        period_kind,
        period_start,
        tier,
        receipts,
        visit_days
    from rated
)

select
    members.period_kind,
    members.period_start,
    members.tier,
    cast(count(*) as integer) as customers,
    cast(sum(members.receipts) as integer) as receipts,
    cast(sum(members.visit_days) as integer) as visit_days,
    cast(sum(members.receipts) as double) / count(*) as receipts_per_customer,
    cast(sum(members.visit_days) as double) / count(*) as visit_days_per_customer,
    cast({{ quantile('members.receipts', '0.5') }} as double) as median_receipts,
    cast(count(case when members.receipts = 1 then 1 end) as integer) as customers_1,
    cast(count(case when members.receipts between 2 and 3 then 1 end) as integer)
        as customers_2_to_3,
    cast(count(case when members.receipts between 4 and 11 then 1 end) as integer)
        as customers_4_to_11,
    cast(count(case when members.receipts >= 12 then 1 end) as integer) as customers_12_and_more,
    coverage.coverage_pct,
    context.as_of
from members
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from members.period_start) = coverage.calendar_year
group by
    members.period_kind,
    members.period_start,
    members.tier,
    coverage.coverage_pct,
    context.as_of
