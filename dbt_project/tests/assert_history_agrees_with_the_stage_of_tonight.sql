{{ config(meta={'requirements': ['LIFE-05', 'LIFE-02']}) }}

-- The five stages change on dated days only, so that the open spell is the stage of tonight.
select
    lifecycle.customer_id,
    lifecycle.stage5,
    history.stage
from {{ ref('mart_lifecycle') }} as lifecycle
left join {{ ref('mart_lifecycle_history') }} as history
    on
        lifecycle.customer_id = history.customer_id
        and history.lifecycle = 'stage5'
        and history.is_current
where history.stage is null or lifecycle.stage5 <> history.stage
