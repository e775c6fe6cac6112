with confirmed as (
    select
        complaints.store_id,
        cast({{ utc_to_local('steps.confirmed_at', 'complaints.timezone') }} as date)
            as confirmed_date,
        handlers.assigned_date,
        context.as_of
    from {{ ref('int_complaints__received_localised') }} as complaints
    inner join {{ ref('int_complaints__steps_pivoted') }} as steps
        on complaints.complaint_id = steps.complaint_id
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_complaints__handlers_assigned') }} as handlers
        on complaints.complaint_id = handlers.complaint_id
    where steps.confirmed_at is not null
)

select
    'COMPLAINT_UNASSIGNED' as alert_code,
    case when confirmed.store_id is null then 'chain' else 'store' end as entity_type,
    coalesce(confirmed.store_id, 'own') as entity_id,
    {{ add_days('confirmed.confirmed_date', 'cast(allowed.value_number as integer)') }}
        as started_date,
    confirmed.assigned_date as ended_date,
    cast(
        {{ days_between(
            'confirmed.confirmed_date', 'coalesce(confirmed.assigned_date, confirmed.as_of)'
        ) }} as double
    ) as measure,
    cast(allowed.value_number as double) as threshold,
    'every confirmed complaint has a person in charge' as healed_by
from confirmed
inner join {{ ref('int_parameters__periods_dated') }} as allowed
    on
        allowed.code = 'complaint_unassigned_max_days'
        and confirmed.confirmed_date >= allowed.valid_from
        and confirmed.confirmed_date < allowed.valid_before
where
    (
        confirmed.assigned_date is null
        and {{ add_days('confirmed.confirmed_date', 'cast(allowed.value_number as integer)') }}
        <= confirmed.as_of
    )
    or confirmed.assigned_date
    > {{ add_days('confirmed.confirmed_date', 'cast(allowed.value_number as integer)') }}
