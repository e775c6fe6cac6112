-- Losses still lasting, by reason and source. Shares are those of stated reasons; what is unknown
-- is told beside them.
with counted as (
    select
        coalesce(churn.reason, 'unknown') as reason,
        count(*) as customers,
        count(case when churn.reason_source = 'stated' then 1 end) as stated,
        count(case when churn.reason_source = 'inferred' then 1 end) as inferred
    from {{ ref('mart_churn') }} as churn
    where churn.state = 'lost'
    group by coalesce(churn.reason, 'unknown')
),

every as (
    select
        reason,
        name_zh,
        is_service_or_product
    from {{ ref('dim_churn_reason') }}
    union all
    select
        'unknown' as reason,
        '未知' as name_zh,
        null as is_service_or_product
),

filled as (
    select
        every.reason,
        every.name_zh,
        every.is_service_or_product,
        coalesce(counted.customers, 0) as customers,
        coalesce(counted.stated, 0) as stated,
        coalesce(counted.inferred, 0) as inferred
    from every
    left join counted on every.reason = counted.reason
)

select
    filled.reason,
    filled.name_zh,
    filled.is_service_or_product,
    cast(filled.customers as integer) as customers,
    cast(filled.stated as integer) as stated,
    cast(filled.inferred as integer) as inferred,
    cast(filled.stated as double) / nullif(sum(filled.stated) over (), 0) as share_of_stated,
    cast(
        sum(case when filled.is_service_or_product then filled.stated else 0 end) over () as double
    )
    / nullif(sum(filled.stated) over (), 0) as service_product_share,
    benchmarks.service_product_share as benchmark_service_product_share,
    cast(
        sum(case when filled.reason = 'unknown' then filled.customers else 0 end) over () as double
    )
    / nullif(sum(filled.customers) over (), 0) as unknown_share,
    context.as_of
from filled
cross join {{ ref('int_churn__benchmarks_listed') }} as benchmarks
cross join {{ ref('int_build__context_stated') }} as context
