{% set epoch = "cast('1970-01-01' as date)" %}

-- A day of a store against the mean and the standard deviation of the days before it, days without
-- complaints included; with little history of its own against those of all stores.
with days as (
    select
        store_id,
        received_date,
        {{ days_between(epoch, 'received_date') }} as day_no,
        cast(sum(complaints) as double) as complaints
    from {{ ref('int_complaints__days_counted') }}
    group by store_id, received_date
),

dated as (
    select
        days.*,
        window_days.value_number as window_days,
        least_days.value_number as min_days,
        sds.value_number as sds,
        least_count.value_number as min_count
    from days
    {% for code, alias in [
        ('complaint_history_days', 'window_days'),
        ('complaint_history_min_days', 'least_days'),
        ('complaint_spike_sd', 'sds'),
        ('complaint_spike_min_count', 'least_count'),
    ] %}
    inner join {{ ref('int_parameters__periods_dated') }} as {{ alias }}
        on
            {{ alias }}.code = '{{ code }}'
            and days.received_date >= {{ alias }}.valid_from
            and days.received_date < {{ alias }}.valid_before
    {% endfor %}
),

-- Only days on which a spike is possible need a history.
candidates as (
    select *
    from dated
    where complaints >= min_count
),

watched as (
    select
        store_id,
        {{ days_between(epoch, 'watched_from_date') }} as from_day_no,
        {{ days_between(epoch, 'watched_to_date') }} as to_day_no
    from {{ ref('int_complaints__stores_watched') }}
),

own_days as (
    select
        candidates.store_id,
        candidates.day_no,
        greatest(
            0,
            least(candidates.day_no - 1, watched.to_day_no)
            - greatest(candidates.day_no - candidates.window_days, watched.from_day_no) + 1
        ) as history_days
    from candidates
    inner join watched on candidates.store_id = watched.store_id
),

own as (
    select
        own_days.store_id,
        own_days.day_no,
        own_days.history_days,
        coalesce(sum(days.complaints), 0) as total,
        coalesce(sum(days.complaints * days.complaints), 0) as total_of_squares
    from own_days
    inner join candidates
        on own_days.store_id = candidates.store_id and own_days.day_no = candidates.day_no
    left join days
        on
            candidates.store_id = days.store_id
            and candidates.day_no > days.day_no
            and candidates.day_no - candidates.window_days <= days.day_no
    group by own_days.store_id, own_days.day_no, own_days.history_days
),

-- The days of all stores within the window of each date to be judged.
dates as (
    select distinct
        day_no,
        window_days
    from candidates
),

chain_days as (
    select
        dates.day_no,
        sum(
            greatest(
                0,
                least(dates.day_no - 1, watched.to_day_no)
                - greatest(dates.day_no - dates.window_days, watched.from_day_no) + 1
            )
        ) as history_days
    from dates
    cross join watched
    group by dates.day_no
),

totals as (
    select
        day_no,
        sum(complaints) as complaints,
        sum(complaints * complaints) as squares
    from days
    group by day_no
),

chain as (
    select
        dates.day_no,
        chain_days.history_days,
        coalesce(sum(totals.complaints), 0) as total,
        coalesce(sum(totals.squares), 0) as total_of_squares
    from dates
    inner join chain_days on dates.day_no = chain_days.day_no
    left join totals
        on
            dates.day_no > totals.day_no
            and dates.day_no - dates.window_days <= totals.day_no
    group by dates.day_no, chain_days.history_days
),

chosen as (
    select
        candidates.store_id,
        candidates.received_date,
        candidates.complaints,
        candidates.sds,
        candidates.min_count,
        case
            when own.history_days >= candidates.min_days then 'store'
            when chain.history_days >= candidates.min_days then 'chain'
            else 'no data'
        end as history_source,
        cast(
            case
                when own.history_days >= candidates.min_days then own.history_days
                when chain.history_days >= candidates.min_days then chain.history_days
            end as double
        ) as history_days,
        case
            when own.history_days >= candidates.min_days then own.total else chain.total
        end as total,
        case
            when own.history_days >= candidates.min_days then own.total_of_squares
            else chain.total_of_squares
        end as total_of_squares
    from candidates
    inner join chain on candidates.day_no = chain.day_no
    left join own
        on candidates.day_no = own.day_no and candidates.store_id = own.store_id
),

measured as (
    select
        *,
        total / history_days as usual_mean,
        sqrt(
            greatest(
                0, total_of_squares / history_days - (total / history_days) * (total / history_days)
            )
        ) as usual_sd
    from chosen
)

select
    store_id,
    received_date,
    cast(complaints as integer) as complaints,
    history_source,
    cast(history_days as integer) as history_days,
    usual_mean,
    usual_sd,
    usual_mean + cast(sds as double) * usual_sd as spike_limit,
    coalesce(complaints > usual_mean + cast(sds as double) * usual_sd, false) as is_spike
from measured
