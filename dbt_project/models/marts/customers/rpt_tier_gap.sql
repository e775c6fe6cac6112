select
    year,
    cast(count(case when gap_flag then 1 end) as integer) as customers,
    cast(coalesce(sum(case when gap_flag then net_spend end), 0) as decimal(18, 2)) as spend,
    max(coverage_pct) as coverage_pct,
    currency,
    as_of
from {{ ref('mart_customer_tier') }}
where tier is not null
group by year, currency, as_of
