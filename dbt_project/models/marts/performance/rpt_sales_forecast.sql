-- The forecast of a month is made when the month before it is closed, from the months up to then
-- and nothing else: what the month brought cannot change it. Level is the last months; where the
-- same months of the year before are known it is carried by the season.
with months as (
    select
        packs.store_id,
        packs.month_start,
        cast(packs.net_sales as double) as net_sales
    from {{ ref('rpt_unit_pack') }} as packs
    inner join {{ ref('int_build__months_listed') }} as listed
        on packs.month_start = listed.month_start and listed.is_closed
),

-- The month after the last closed one has a forecast and no actual yet.
wanted as (
    select
        store_id,
        month_start,
        net_sales as actual
    from months
    union all
    select
        months.store_id,
        {{ add_months('months.month_start', 1) }} as month_start,
        null as actual
    from months
    inner join (select max(closed.month_start) as month_start from months as closed) as newest
        on months.month_start = newest.month_start
    inner join {{ ref('dim_store') }} as stores on months.store_id = stores.store_id
    where coalesce(stores.closed_date >= {{ add_months('months.month_start', 1) }}, true)
),

seen as (
    select
        wanted.store_id,
        wanted.month_start,
        wanted.actual,
        rules.as_of,
        rules.forecast_recent_months,
        count(
            case
                when before.month_start >= {{ add_months(
                    'wanted.month_start', '-cast(rules.forecast_recent_months as integer)'
                ) }} then 1
            end
        ) as months_recent,
        sum(
            case
                when before.month_start >= {{ add_months(
                    'wanted.month_start', '-cast(rules.forecast_recent_months as integer)'
                ) }} then cast(before.net_sales as decimal(18, 2))
            end
        ) as sales_recent,
        count(
            case
                when
                    before.month_start < {{ add_months('wanted.month_start', -12) }}
                    and before.month_start >= {{ add_months(
                        'wanted.month_start', '-12 - cast(rules.forecast_recent_months as integer)'
                    ) }} then 1
            end
        ) as months_year_before,
        sum(
            case
                when
                    before.month_start < {{ add_months('wanted.month_start', -12) }}
                    and before.month_start >= {{ add_months(
                        'wanted.month_start', '-12 - cast(rules.forecast_recent_months as integer)'
                    ) }} then cast(before.net_sales as decimal(18, 2))
            end
        ) as sales_year_before,
        max(
            case
                when before.month_start = {{ add_months('wanted.month_start', -12) }}
                    then before.net_sales
            end
        ) as same_month,
        max(
            case
                when before.month_start = {{ add_months('wanted.month_start', -1) }}
                    then before.net_sales
            end
        ) as month_before
    from wanted
    cross join {{ ref('int_performance__rules_dated') }} as rules
    left join months as before
        on
            wanted.store_id = before.store_id
            and wanted.month_start > before.month_start
            and {{ add_months(
                'wanted.month_start', '-12 - cast(rules.forecast_recent_months as integer)'
            ) }} <= before.month_start
    group by
        wanted.store_id, wanted.month_start, wanted.actual, rules.as_of,
        rules.forecast_recent_months
),

told as (
    select
        *,
        case
            when months_recent < forecast_recent_months then 'too few months'
            when
                months_year_before = forecast_recent_months
                and sales_year_before > 0
                and same_month is not null
                then 'season'
            else 'level'
        end as method
    from seen
),

forecast as (
    select
        *,
        round(
            case method
                when 'season'
                    then
                        same_month * cast(sales_recent as double)
                        / cast(sales_year_before as double)
                when 'level' then cast(sales_recent as double) / forecast_recent_months
            end, 2
        ) as forecast
    from told
)

select
    store_id,
    month_start,
    {{ add_days('month_start', -1) }} as made_date,
    method,
    cast(forecast as decimal(18, 2)) as forecast_sales,
    cast(actual as decimal(18, 2)) as actual_sales,
    cast(actual - forecast as decimal(18, 2)) as error,
    (actual - forecast) / nullif(actual, 0) as error_share,
    cast(actual - month_before as decimal(18, 2)) as naive_error,
    as_of
from forecast
