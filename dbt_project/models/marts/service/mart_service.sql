-- Nearest rank: the value at or above which half of the closed cases lie.
with ranked as (
    select
        {{ month_of('opened_date') }} as month_start,
        kind,
        service_phase,
        service_kind,
        contacts,
        is_open,
        hours_to_close,
        row_number() over (
            partition by {{ month_of('opened_date') }}, kind, service_phase, service_kind
            order by hours_to_close asc nulls last, case_id asc
        ) as place,
        count(hours_to_close) over (
            partition by {{ month_of('opened_date') }}, kind, service_phase, service_kind
        ) as closed_cases
    from {{ ref('int_service__cases_summarised') }}
),

counted as (
    select
        month_start,
        kind,
        service_phase,
        service_kind,
        count(*) as cases,
        sum(contacts) as contacts,
        count(case when is_open then 1 end) as open_cases,
        max(closed_cases) as closed_cases,
        -- As decimals: a sum of doubles would depend on the order of rows.
        cast(sum(cast(hours_to_close as decimal(18, 9))) as double)
        / nullif(count(hours_to_close), 0) as hours_to_close_mean,
        min(case when place >= 0.5 * closed_cases then hours_to_close end) as hours_to_close_p50
    from ranked
    group by month_start, kind, service_phase, service_kind
)

select
    counted.month_start,
    counted.kind,
    counted.service_phase,
    counted.service_kind,
    cast(counted.cases as integer) as cases,
    cast(counted.contacts as integer) as contacts,
    cast(counted.open_cases as integer) as open_cases,
    cast(counted.closed_cases as integer) as closed_cases,
    counted.hours_to_close_mean,
    counted.hours_to_close_p50,
    case when delivered.is_delivered then 'measured' else 'no data' end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join counted on delivered.is_delivered
where
    delivered.feed = 'ref_interactions'
    and (counted.cases is not null or not delivered.is_delivered)
