with methods as (
    select 'face_to_face' as search_method
    union all
    select 'referral' as search_method
    union all
    select 'remote' as search_method
)

select
    methods.search_method,
    cast(nullif(count(prospects.prospect_id), 0) as integer) as prospects,
    cast(
        case
            when count(prospects.prospect_id) > 0
                then count(case when prospects.prospect_state = 'converted' then 1 end)
        end as integer
    ) as converted,
    cast(
        case
            when count(prospects.prospect_id) > 0
                then count(case when prospects.prospect_state = 'lost' then 1 end)
        end as integer
    ) as lost,
    cast(count(case when prospects.prospect_state = 'converted' then 1 end) as double)
    / nullif(count(prospects.prospect_id), 0) as conversion_rate,
    case when count(prospects.prospect_id) > 0 then 'measured' else 'no data' end as status,
    context.as_of
from methods
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('mart_prospect') }} as prospects
    on methods.search_method = prospects.search_method
group by methods.search_method, context.as_of
