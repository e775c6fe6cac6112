-- A wish that needs equipment which the store lacks stays open for that reason, whatever was said.
with told as (
    select
        'survey_responses' as feed,
        store_id,
        {{ month_of('responded_at_local') }} as month_start,
        lower(trim(verbatim)) as wish,
        cast(null as string) as reason,
        is_anonymous
    from {{ ref('int_surveys__answers_scored') }}
    where question_code = 'WANTED_NOT_FOUND' and verbatim is not null
    union all
    select
        'ref_interactions' as feed,
        store_id,
        {{ month_of('occurred_date') }} as month_start,
        lower(trim(wish)) as wish,
        reason,
        false as is_anonymous
    from {{ ref('int_service__contacts_localised') }}
    where wish is not null or reason is not null
),

needs as (
    select
        told.wish,
        min(needed.equipment) as equipment
    from (select distinct wish from told) as told
    inner join {{ ref('ref_wish_equipment') }} as needed
        on told.wish like '%' || needed.wish_part || '%'
    group by told.wish
)

select
    told.feed,
    told.store_id,
    told.month_start,
    coalesce(told.wish, 'not stated') as wish,
    case
        when
            ';' || replace(stores.equipment, ' ', '') || ';'
            not like '%;' || needs.equipment || ';%'
            then 'no_equipment'
        else coalesce(told.reason, 'not stated')
    end as reason,
    told.is_anonymous
from told
left join needs on told.wish = needs.wish
left join {{ ref('int_stores__details_stated') }} as stores on told.store_id = stores.store_id
