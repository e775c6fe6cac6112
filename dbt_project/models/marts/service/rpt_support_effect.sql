-- Customers who were given support in a year against other known customers of the same tier of the
-- year before, weighted by the spend of the supported; growth is over the spend of the year before.
with supported as (
    select distinct
        customer_id,
        cast(extract(year from occurred_date) as integer) as calendar_year
    from {{ ref('int_service__contacts_localised') }}
    where customer_id is not null and service_kind = 'support'
),

pairs as (
    select
        before.customer_id,
        before.year + 1 as year,
        coalesce(tiers.tier, 'UNRATED') as spend_band,
        supported.customer_id is not null as is_supported,
        before.net_spend as spend_before,
        now.net_spend as spend_now
    from {{ ref('mart_customer_year') }} as before
    inner join {{ ref('mart_customer_year') }} as now
        on before.customer_id = now.customer_id and before.year + 1 = now.year
    left join {{ ref('mart_customer_tier') }} as tiers
        on before.customer_id = tiers.customer_id and before.year = tiers.year
    left join supported
        on before.customer_id = supported.customer_id and before.year + 1 = supported.calendar_year
    where before.receipts > 0 and before.net_spend > 0
),

bands as (
    select
        year,
        spend_band,
        count(case when is_supported then 1 end) as supported,
        count(case when not is_supported then 1 end) as others,
        sum(case when is_supported then spend_before end) as supported_before,
        sum(case when is_supported then spend_now end) as supported_now,
        sum(case when not is_supported then spend_before end) as others_before,
        sum(case when not is_supported then spend_now end) as others_now
    from pairs
    group by year, spend_band
),

years as (
    select
        year,
        sum(supported) as supported,
        sum(others) as others,
        cast(sum(supported_now) as double) / nullif(cast(sum(supported_before) as double), 0) - 1
            as supported_growth,
        cast(sum(others_now) as double) / nullif(cast(sum(others_before) as double), 0) - 1
            as others_growth,
        sum(case when others > 0 then supported else 0 end) as matched,
        cast(sum(case when others > 0 then supported_before end) as double) as matched_before,
        cast(sum(case when others > 0 then supported_now end) as double) as matched_now,
        cast(
            sum(
                cast(
                    cast(supported_before as double) * cast(others_now as double)
                    / cast(others_before as double) as decimal(24, 9)
                )
            ) as double
        ) as expected_now
    from bands
    group by year
)

select
    years.year,
    case when delivered.is_delivered then cast(years.supported as integer) end as supported,
    case when delivered.is_delivered then cast(years.others as integer) end as others,
    years.supported_growth,
    case when delivered.is_delivered then years.others_growth end as others_growth,
    years.supported_growth - years.others_growth as raw_gap,
    case when delivered.is_delivered then cast(years.matched as integer) end as matched,
    years.expected_now / years.matched_before - 1 as matched_others_growth,
    (years.matched_now - years.expected_now) / years.matched_before as matched_gap,
    case
        when not delivered.is_delivered then 'no data'
        when years.supported = 0 then 'nobody supported'
        when years.matched = 0 then 'uncontrolled'
        else 'matched'
    end as status,
    coverage.coverage_pct,
    context.as_of
from years
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on delivered.feed = 'ref_interactions'
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on years.year = coverage.calendar_year
