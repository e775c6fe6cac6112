-- Figures quoted in the sources and the chain's own target, in force at as_of.
with targets as (
    select
        targets.target_value,
        row_number() over (order by targets.start_date desc, targets.target_id asc) as place
    from {{ ref('stg_reference__targets') }} as targets
    inner join {{ ref('int_build__context_stated') }} as context
        on targets.start_date <= context.as_of
    where targets.metric = 'churn_rate' and targets.store_id is null and targets.region is null
)

select
    max(
        case
            when benchmarks.code = 'churn_02_lost_in_a_year' then cast(benchmarks.high as double)
        end
    )
        as lost_in_a_year,
    max(
        case
            when benchmarks.code = 'churn_10_attrition_ceiling' then cast(benchmarks.high as double)
        end
    ) as attrition_ceiling,
    max(
        case
            when benchmarks.code = 'churn_04_service_product' then cast(benchmarks.low as double)
        end
    ) as service_product_share,
    max(case when benchmarks.code = 'loy_10_repurchase' then cast(benchmarks.low as double) end)
        as repurchase_rate,
    cast(max(targets.target_value) as double) as own_target
from {{ ref('ref_benchmarks') }} as benchmarks
left join targets on targets.place = 1
