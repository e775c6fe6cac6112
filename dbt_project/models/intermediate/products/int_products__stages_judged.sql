-- The newest closed months against the same months of the year before where the product was sold
-- all through them, which takes the season out, else against the months before them.
with rules as (
    select
        context.as_of,
        max(case when periods.code = 'product_introduction_months' then periods.value_number end)
            as introduction_months,
        max(case when periods.code = 'product_trend_months' then periods.value_number end)
            as trend_months,
        max(case when periods.code = 'product_growth_min' then periods.value_number end)
            as growth_min,
        max(case when periods.code = 'product_decline_max' then periods.value_number end)
            as decline_max
    from {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_parameters__periods_dated') }} as periods
        on context.as_of >= periods.valid_from and context.as_of < periods.valid_before
    group by context.as_of
),

closing as (
    select max(month_start) as last_month
    from {{ ref('int_build__months_listed') }}
    where is_closed
),

aged as (
    select
        sales.product_code,
        sales.first_date,
        sales.net_sales,
        {{ months_between('sales.month_start', 'closing.last_month') }} as months_ago,
        closing.last_month,
        rules.trend_months,
        rules.introduction_months,
        rules.growth_min,
        rules.decline_max
    from {{ ref('int_sales__product_months_summarised') }} as sales
    cross join closing
    cross join rules
),

summed as (
    select
        product_code,
        min(first_date) as first_sale_date,
        max(months_ago) as months_since_launch,
        sum(case when months_ago >= 0 and months_ago < trend_months then net_sales else 0 end)
            as recent,
        sum(
            case
                when months_ago >= trend_months and months_ago < 2 * trend_months
                    then net_sales
                else 0
            end
        ) as before,
        sum(
            case
                when months_ago >= 12 and months_ago < 12 + trend_months then net_sales
                else 0
            end
        ) as year_before,
        count(
            distinct case
                when months_ago >= 12 and months_ago < 12 + trend_months then months_ago
            end
        ) as months_year_before,
        max(trend_months) as trend_months,
        max(introduction_months) as introduction_months,
        max(growth_min) as growth_min,
        max(decline_max) as decline_max
    from aged
    group by product_code
),

compared as (
    select
        *,
        case
            when months_year_before = trend_months and months_since_launch >= 12 + trend_months
                then 'same months of the year before'
            else 'months before'
        end as compared_with,
        case
            when months_year_before = trend_months and months_since_launch >= 12 + trend_months
                then cast(recent as double) / nullif(cast(year_before as double), 0)
            else cast(recent as double) / nullif(cast(before as double), 0)
        end as trend
    from summed
)

select
    product_code,
    first_sale_date,
    cast(months_since_launch as integer) as months_since_launch,
    cast(recent as decimal(18, 2)) as recent_net_sales,
    compared_with,
    trend,
    case
        when months_since_launch < introduction_months then 'introduction'
        when recent <= 0 then 'decline'
        when trend >= growth_min then 'growth'
        when trend <= decline_max then 'decline'
        when trend is not null then 'maturity'
    end as stage
from compared
