-- Every pair is listed, also the empty ones; prospects who are no customers yet stand beside.
with placed as (
    select
        stage4,
        stage5,
        'customer' as kind
    from {{ ref('mart_lifecycle') }}
    union all
    select
        stage4,
        stage5,
        'prospect' as kind
    from {{ ref('mart_prospect_stage') }}
    where stage5 <> 'customer' and stage4 is not null
),

counted as (
    select
        stage4,
        stage5,
        count(case when kind = 'customer' then 1 end) as customers,
        count(case when kind = 'prospect' then 1 end) as prospects
    from placed
    group by stage4, stage5
)

select
    pairs.stage4,
    names4.name_zh as stage4_zh,
    pairs.stage5,
    names5.name_zh as stage5_zh,
    cast(coalesce(counted.customers, 0) as integer) as customers,
    cast(coalesce(counted.prospects, 0) as integer) as prospects,
    pairs.is_possible,
    pairs.reason,
    context.as_of
from {{ ref('int_lifecycle__pairs_judged') }} as pairs
cross join {{ ref('int_build__context_stated') }} as context
left join counted on pairs.stage4 = counted.stage4 and pairs.stage5 = counted.stage5
left join {{ ref('int_lifecycle__stages_named') }} as names4
    on pairs.stage4 = names4.stage and names4.model = 'stage4'
left join {{ ref('int_lifecycle__stages_named') }} as names5
    on pairs.stage5 = names5.stage and names5.model = 'stage5'
