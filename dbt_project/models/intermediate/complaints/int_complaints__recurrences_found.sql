-- A complaint is a recurrence where the same store had the same type shortly before.
with ordered as (
    select
        complaints.complaint_id,
        complaints.received_at,
        cast(complaints.received_at_local as date) as received_date,
        lag(complaints.complaint_id) over (
            partition by complaints.store_id, types.complaint_type
            order by complaints.received_at asc, complaints.complaint_id asc
        ) as previous_complaint_id,
        lag(complaints.received_at) over (
            partition by complaints.store_id, types.complaint_type
            order by complaints.received_at asc, complaints.complaint_id asc
        ) as previous_received_at
    from {{ ref('int_complaints__received_localised') }} as complaints
    inner join {{ ref('int_complaints__types_mapped') }} as types
        on complaints.complaint_id = types.complaint_id
    where complaints.store_id is not null and types.complaint_type <> 'UNCLASSIFIED'
),

judged as (
    select
        ordered.complaint_id,
        case
            when
                ordered.received_at
                <= {{ add_hours('ordered.previous_received_at', '24 * allowed.value_number') }}
                then ordered.previous_complaint_id
        end as previous_complaint_id
    from ordered
    left join {{ ref('int_parameters__periods_dated') }} as allowed
        on
            allowed.code = 'complaint_recurrence_days'
            and ordered.received_date >= allowed.valid_from
            and ordered.received_date < allowed.valid_before
)

select
    complaints.complaint_id,
    judged.previous_complaint_id,
    judged.previous_complaint_id is not null as is_recurrence,
    later.complaint_id is not null as has_recurred
from {{ ref('int_complaints__received_localised') }} as complaints
left join judged on complaints.complaint_id = judged.complaint_id
left join judged as later on complaints.complaint_id = later.previous_complaint_id
