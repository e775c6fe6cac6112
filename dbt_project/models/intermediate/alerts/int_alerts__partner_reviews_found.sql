-- Opened on the first day on which the last review is too old, closed by the next one or on the
-- last day of the partnership.
with late as (
    select
        spaced.partner_id,
        {{ add_days('spaced.until_date', 1) }} as opened_date,
        case
            when spaced.left_date < coalesce(spaced.next_date, context.as_of) then spaced.left_date
            else spaced.next_date
        end as closed_date,
        spaced.from_date,
        spaced.left_date,
        spaced.max_days,
        context.as_of
    from {{ ref('int_partners__reviews_spaced') }} as spaced
    cross join {{ ref('int_build__context_stated') }} as context
    where spaced.until_date < coalesce(spaced.next_date, context.as_of)
)

select
    'PARTNER_REVIEW' as alert_code,
    'partner' as entity_type,
    partner_id as entity_id,
    opened_date,
    closed_date,
    cast({{ days_between('from_date', 'coalesce(closed_date, as_of)') }} as double) as alert_value,
    cast(max_days as double) as threshold,
    case
        when closed_date = left_date then 'the partner left'
        when closed_date is not null then 'the partner was reviewed'
    end as feedback
from late
where coalesce(closed_date >= opened_date, true)
