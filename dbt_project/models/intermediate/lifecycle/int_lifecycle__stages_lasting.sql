-- A table: history, transitions, alerts and times between stages read it. Stages follow from the
-- days judged, and as_of alone makes none: those of customers without a new one stay.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_lifecycle__customers_restaged', ['customer_id']) }}"
) }}

with judged as (
    select *
    from {{ ref('int_lifecycle__stages_judged') }}
    {{ only_touched('int_lifecycle__customers_restaged', ['customer_id']) }}
),

compared as (
    select
        customer_id,
        'stage4' as lifecycle,
        judged_date,
        stage4 as stage,
        lag(stage4) over (partition by customer_id order by judged_date asc) as stage_before
    from judged
    union all
    select
        customer_id,
        'stage5' as lifecycle,
        judged_date,
        stage5 as stage,
        lag(stage5) over (partition by customer_id order by judged_date asc) as stage_before
    from judged
)

select
    customer_id,
    lifecycle,
    stage,
    judged_date as valid_from,
    lead(judged_date) over (partition by customer_id, lifecycle order by judged_date asc)
        as valid_before
from compared
where stage_before is null or stage <> stage_before
