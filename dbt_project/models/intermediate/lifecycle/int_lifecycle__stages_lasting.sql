-- A table: history, transitions, alerts and times between stages read it. Stages follow from the
-- days judged, and as_of alone makes none: those of customers without a new one stay.
{{ config(
    materialized='incremental',
    incremental_strategy='append',
    pre_hook="{{ leave_out('int_lifecycle__customers_restaged', ['customer_id']) }}"
) }}

with stages4 as (
    select *
    from {{ ref('int_lifecycle__stage4_assigned') }}
    {{ only_touched('int_lifecycle__customers_restaged', ['customer_id']) }}
),

stages5 as (
    select *
    from {{ ref('int_lifecycle__stage5_assigned') }}
    {{ only_touched('int_lifecycle__customers_restaged', ['customer_id']) }}
),

compared as (
    select
        customer_id,
        'stage4' as lifecycle,
        judged_date,
        stage4 as stage,
        lag(stage4) over (partition by customer_id order by judged_date asc) as stage_before
    from stages4
    where is_in_history
    union all
    select
        customer_id,
        'stage5' as lifecycle,
        judged_date,
        stage5 as stage,
        lag(stage5) over (partition by customer_id order by judged_date asc) as stage_before
    from stages5
    where is_in_history
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
