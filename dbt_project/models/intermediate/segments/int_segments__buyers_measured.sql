-- Every buyer twice: as of today, and as of a horizon ago, beside what was then still to come. The
-- second is what models learn from; no figure of it uses a day after its measured_to.
-- A table: scores, features and marts read it.
{{ config(materialized='table') }}

with dates as (
    select
        as_of as measured_to,
        true as is_current,
        window_days
    from {{ ref('int_segments__rules_dated') }}
    union all
    select
        {{ add_days('as_of', '-cast(horizon_days as integer)') }} as measured_to,
        false as is_current,
        window_days
    from {{ ref('int_segments__rules_dated') }}
),

measured as (
    select
        dates.measured_to,
        dates.is_current,
        known.*
    from {{ ref('int_segments__purchases_accumulated') }} as known
    inner join dates
        on known.business_date <= dates.measured_to and known.next_date > dates.measured_to
    where known.receipts > 0
),

-- What was bought before the window is taken off.
before_window as (
    select
        dates.is_current,
        known.customer_id,
        known.receipts,
        known.net_amount,
        known.margin,
        known.lines_without_margin
    from {{ ref('int_segments__purchases_accumulated') }} as known
    inner join dates
        on
            {{ add_days('dates.measured_to', '-cast(dates.window_days as integer)') }}
            >= known.business_date
            and {{ add_days('dates.measured_to', '-cast(dates.window_days as integer)') }}
            < known.next_date
),

-- None after measured_to is 0: the feed holds the whole horizon.
followed as (
    select
        known.customer_id,
        known.net_amount
    from {{ ref('int_segments__purchases_accumulated') }} as known
    inner join {{ ref('int_segments__rules_dated') }} as rules
        on known.business_date <= rules.as_of and known.next_date > rules.as_of
)

select
    measured.measured_to,
    measured.is_current,
    measured.customer_id,
    measured.first_purchase_date,
    measured.last_purchase_date,
    cast({{ days_between('measured.last_purchase_date', 'measured.measured_to') }} as integer)
        as recency_days,
    cast({{ days_between('measured.first_purchase_date', 'measured.measured_to') }} as integer)
        as tenure_days,
    measured.receipts,
    measured.net_amount as net_spend,
    measured.gross_amount as gross_spend,
    cast(measured.receipts - coalesce(before_window.receipts, 0) as integer) as receipts_window,
    cast(measured.net_amount - coalesce(before_window.net_amount, 0) as decimal(18, 2))
        as net_spend_window,
    cast(
        case
            when measured.lines_without_margin = coalesce(before_window.lines_without_margin, 0)
                then coalesce(measured.margin, 0) - coalesce(before_window.margin, 0)
        end as decimal(18, 2)
    ) as margin_window,
    case
        when measured.listed_amount > 0
            then
                cast(coalesce(measured.full_price_amount, 0) as double)
                / cast(measured.listed_amount as double)
    end as full_price_share,
    measured.series as series_bought,
    measured.stores as stores_visited,
    cast(measured.weekend_receipts as double) / measured.receipts as weekend_share,
    cast(
        case when not measured.is_current then followed.net_amount - measured.net_amount end
        as decimal(18, 2)
    ) as next_spend
from measured
left join before_window
    on
        measured.is_current = before_window.is_current
        and measured.customer_id = before_window.customer_id
left join followed on measured.customer_id = followed.customer_id
