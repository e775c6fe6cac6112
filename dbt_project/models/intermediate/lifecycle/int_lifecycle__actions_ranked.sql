-- A stage has one primary action: the lowest priority number, then the name.
with ranked as (
    select
        lifecycle,
        stage,
        action,
        channel,
        owner,
        priority,
        row_number() over (
            partition by lifecycle, stage
            order by priority asc nulls last, action asc
        ) as place
    from {{ ref('stg_reference__stage_policy') }}
)

select
    lifecycle,
    stage,
    action,
    channel,
    owner,
    priority
from ranked
where place = 1
