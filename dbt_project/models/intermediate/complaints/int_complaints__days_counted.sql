-- A table: read by the chart, the spikes and the watch over crises.
{{ config(materialized='table') }}

select
    complaints.store_id,
    types.complaint_type,
    cast(complaints.received_at_local as date) as received_date,
    cast(count(*) as integer) as complaints,
    cast(
        count(case when complaints.severity >= severe.value_number then 1 end) as integer
    ) as severe_complaints
from {{ ref('int_complaints__received_localised') }} as complaints
inner join {{ ref('int_complaints__types_mapped') }} as types
    on complaints.complaint_id = types.complaint_id
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_parameters__periods_dated') }} as severe
    on
        severe.code = 'crisis_severity_min'
        and cast(complaints.received_at_local as date) >= severe.valid_from
        and cast(complaints.received_at_local as date) < severe.valid_before
where
    complaints.store_id is not null
    and cast(complaints.received_at_local as date) <= context.as_of
group by complaints.store_id, types.complaint_type, cast(complaints.received_at_local as date)
