-- Share: a figure of the period's own length goes first, else its months, if all of them are there.
with cells as (
    select
        period_kind,
        period,
        industry_sales,
        our_sales,
        average_share
    from {{ ref('int_market__sources_ranked') }}
    where
        source_place = 1 and topic = 'figures' and region = 'all' and product_line = 'all'
        and industry_sales > 0 and our_sales is not null
),

summed as (
    select
        periods.period_kind,
        periods.period_start,
        cast(sum(months.our_sales) as double) / cast(sum(months.industry_sales) as double)
            as market_share,
        case
            when count(months.average_share) = count(*)
                then
                    cast(sum(months.average_share * months.industry_sales) as double)
                    / cast(sum(months.industry_sales) as double)
        end as average_share
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join cells as months
        on
            months.period_kind = 'month'
            and periods.period_start <= months.period
            and periods.period_end >= months.period
    group by periods.period_kind, periods.period_start, periods.period_end
    having
        count(*)
        = {{ months_between('periods.period_start', add_days('periods.period_end', 1)) }}
)

select
    'market_share' as kpi,
    periods.period_kind,
    periods.period_start,
    coalesce(
        cast(cells.our_sales as double) / cast(cells.industry_sales as double), summed.market_share
    ) as kpi_value,
    case
        when cells.period is null then summed.average_share
        else cast(cells.average_share as double)
    end as benchmark
from {{ ref('int_retention__periods_listed') }} as periods
left join cells
    on periods.period_kind = cells.period_kind and periods.period_start = cells.period
left join summed
    on
        periods.period_kind = summed.period_kind
        and periods.period_start = summed.period_start
where cells.period is not null or summed.period_start is not null
union all
select
    'market_coverage' as kpi,
    period_kind,
    period_start,
    cast(sum(is_served) as double) / count(*) as kpi_value,
    null as benchmark
from {{ ref('int_market__targets_served') }}
group by period_kind, period_start
