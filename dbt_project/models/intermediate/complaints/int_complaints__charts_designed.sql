-- Each month a chart takes its usual rate from the days before the month: those of the store, or of
-- the chain where the store has too few. The rate chooses the design.
with months as (
    select distinct
        stores.store_id,
        stores.watched_from_date,
        {{ add_months(
            month_of('stores.watched_from_date'), 'cast(counted.generated_number - 1 as integer)'
        ) }} as month_start,
        stores.watched_to_date
    from {{ ref('int_complaints__stores_watched') }} as stores
    cross join ({{ numbers(1200) }}) as counted
    where
        {{ add_months(
            month_of('stores.watched_from_date'), 'cast(counted.generated_number - 1 as integer)'
        ) }} <= stores.watched_to_date
),

windows as (
    select
        months.*,
        cast(window_days.value_number as integer) as window_days,
        cast(least_days.value_number as integer) as min_days,
        case
            when months.watched_from_date >= months.month_start then 0
            else least(
                {{ days_between('months.watched_from_date', 'months.month_start') }},
                cast(window_days.value_number as integer)
            )
        end as history_days
    from months
    inner join {{ ref('int_parameters__periods_dated') }} as window_days
        on
            window_days.code = 'complaint_history_days'
            and months.month_start >= window_days.valid_from
            and months.month_start < window_days.valid_before
    inner join {{ ref('int_parameters__periods_dated') }} as least_days
        on
            least_days.code = 'complaint_history_min_days'
            and months.month_start >= least_days.valid_from
            and months.month_start < least_days.valid_before
),

chain_days as (
    select
        month_start,
        sum(history_days) as store_days
    from windows
    group by month_start
),

types as (
    select complaint_type
    from {{ ref('ref_complaint_types') }}
),

histories as (
    select
        windows.store_id,
        windows.month_start,
        types.complaint_type,
        windows.history_days,
        windows.min_days,
        coalesce(sum(days.complaints), 0) as complaints
    from windows
    cross join types
    left join {{ ref('int_complaints__days_counted') }} as days
        on
            windows.store_id = days.store_id
            and types.complaint_type = days.complaint_type
            and windows.month_start > days.received_date
            and days.received_date
            >= {{ add_days('windows.month_start', '-windows.window_days') }}
    group by
        windows.store_id,
        windows.month_start,
        types.complaint_type,
        windows.history_days,
        windows.min_days
),

rates as (
    select
        histories.*,
        chain_days.store_days,
        sum(histories.complaints) over (
            partition by histories.month_start, histories.complaint_type
        ) as chain_complaints
    from histories
    inner join chain_days on histories.month_start = chain_days.month_start
),

judged as (
    select
        store_id,
        complaint_type,
        month_start,
        history_days,
        case
            when history_days >= min_days then 'store'
            when store_days >= min_days then 'chain'
            else 'no data'
        end as rate_source,
        case
            when history_days >= min_days then cast(complaints as double) / history_days
            when store_days >= min_days then cast(chain_complaints as double) / store_days
        end as usual_rate
    from rates
)

select
    judged.store_id,
    judged.complaint_type,
    judged.month_start,
    cast(judged.history_days as integer) as history_days,
    judged.rate_source,
    judged.usual_rate,
    designs.reference_value,
    designs.decision_limit,
    designs.run_length_days
from judged
left join {{ ref('int_complaints__designs_dated') }} as designs
    on
        judged.usual_rate > designs.rate_above
        and judged.usual_rate <= designs.rate_to
        and judged.month_start >= designs.valid_from
        and judged.month_start < designs.valid_before
