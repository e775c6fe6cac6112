{% set zone = 'coalesce(stores.timezone, context.chain_timezone)' %}

select
    answers.*,
    cast(
        100 * cast(answers.score - answers.scale_min as double)
        / nullif(cast(answers.scale_max - answers.scale_min as double), 0) as decimal(7, 4)
    ) as score_100,
    case
        when answers.responded_at_is_utc
            then {{ utc_to_local('answers.responded_at', zone) }}
        else answers.responded_at
    end as responded_at_local
from {{ ref('int_surveys__answers_corrected') }} as answers
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_stores__details_stated') }} as stores on answers.store_id = stores.store_id
