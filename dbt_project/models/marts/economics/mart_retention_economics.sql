-- What a customer is worth who stays with chance r from year to year and brings the same each year
-- is r / (1 + d - r) of it, so the uplift of a step needs no margin: it cancels out.
with paid as (
    select
        calendar_year,
        count(*) as customers,
        count(case when is_regular then 1 end) as regulars,
        count(*) - count(margin) as without_margin,
        cast(sum(margin) as double) as profit,
        cast(sum(case when is_regular then margin end) as double)
        / nullif(count(case when is_regular then 1 end), 0) as regular_profit_mean,
        cast(sum(case when not is_regular then margin end) as double)
        / nullif(count(case when not is_regular then 1 end), 0) as new_profit_mean,
        cast(sum(case when is_regular then net_spend end) as double)
        / nullif(count(case when is_regular then net_spend end), 0) as regular_spend_mean,
        cast(sum(case when not is_regular then net_spend end) as double)
        / nullif(count(case when not is_regular then net_spend end), 0) as new_spend_mean
    from {{ ref('int_economics__customers_measured') }}
    group by calendar_year
),

kept as (
    select
        cast(extract(year from period_start) as integer) as calendar_year,
        base,
        retained,
        retention_rate
    from {{ ref('mart_retention') }}
    where period_kind = 'year' and segment_kind = 'all'
),

spent as (
    select
        calendar_year,
        cast(sum(spend) as double) as retention_spend
    from {{ ref('int_economics__spend_summarised') }}
    where purpose = 'retention'
    group by calendar_year
),

new_best as (
    select
        first_year as calendar_year,
        count(*) as customers
    from (
        select
            customer_id,
            min(year) as first_year
        from {{ ref('mart_customer_tier') }}
        where tier = 'A'
        group by customer_id
    ) as firsts
    group by first_year
),

stepped as (
    select
        paid.*,
        kept.base,
        kept.retained,
        kept.retention_rate,
        kept.calendar_year is not null as is_closed,
        rules.discount_rate,
        rules.retention_step,
        least(kept.retention_rate + rules.retention_step, 1) as rate_by_points,
        1 - (1 - kept.retention_rate) * (1 - rules.retention_step) as rate_relative,
        kept.retention_rate / (1 + rules.discount_rate - kept.retention_rate) as value_now,
        spent.retention_spend,
        cac.acquisition_spend,
        cac.cac,
        new_best.customers as new_best
    from paid
    cross join {{ ref('int_economics__rules_dated') }} as rules
    left join kept on paid.calendar_year = kept.calendar_year
    left join spent on paid.calendar_year = spent.calendar_year
    left join new_best on paid.calendar_year = new_best.calendar_year
    left join {{ ref('mart_cac') }} as cac
        on paid.calendar_year = cac.year and cac.dimension = 'all'
)

select
    cast(stepped.calendar_year as integer) as year,
    stepped.is_closed,
    cast(stepped.customers as integer) as customers,
    cast(stepped.regulars as integer) as regulars,
    cast(stepped.base as integer) as retention_base,
    stepped.retention_rate,
    cast(stepped.discount_rate as double) as discount_rate,
    round(
        stepped.rate_by_points / (1 + stepped.discount_rate - stepped.rate_by_points)
        / nullif(stepped.value_now, 0) - 1, 9
    ) as profit_uplift_5,
    round(
        stepped.rate_relative / (1 + stepped.discount_rate - stepped.rate_relative)
        / nullif(stepped.value_now, 0) - 1, 9
    ) as profit_uplift_5_relative,
    case when stepped.without_margin = 0 then cast(stepped.profit as decimal(18, 2)) end as profit,
    case when stepped.without_margin = 0 then stepped.regular_profit_mean end
        as regular_profit_mean,
    case when stepped.without_margin = 0 then stepped.new_profit_mean end as new_profit_mean,
    case
        when stepped.without_margin = 0 and stepped.profit > 0
            then
                cast(
                    stepped.regulars * stepped.retention_step * stepped.regular_profit_mean
                    / stepped.profit as double
                )
    end as profit_uplift_5_regulars,
    case
        when stepped.without_margin = 0 and stepped.new_profit_mean > 0
            then round(stepped.regular_profit_mean / stepped.new_profit_mean - 1, 9)
    end as repeat_profit_premium,
    case
        when stepped.new_spend_mean > 0
            then round(stepped.regular_spend_mean / stepped.new_spend_mean - 1, 9)
    end as repeat_spend_premium,
    concentration.top_spend_share,
    concentration.buyers_of_most_sales_share,
    concentration.gini,
    stepped.cac as cost_per_new,
    stepped.retention_spend / nullif(stepped.retained, 0) as cost_per_retained,
    stepped.cac / nullif(stepped.retention_spend / nullif(stepped.retained, 0), 0)
        as new_to_kept_ratio,
    cast(stepped.acquisition_spend as double) / nullif(stepped.new_best, 0) as cost_per_new_best,
    cast(stepped.acquisition_spend as double) / nullif(stepped.new_best, 0)
    / nullif(stepped.retention_spend / nullif(stepped.retained, 0), 0) as replace_best_ratio,
    case
        when not stepped.is_closed then 'the year is not over'
        when stepped.retention_rate is null then 'nobody had bought in the year before'
        when stepped.retention_rate = 0 then 'nobody came back'
    end as retention_reason,
    case
        when stepped.without_margin > 0 then 'a product has no cost'
        when stepped.regulars = 0 then 'nobody was a regular'
        when stepped.regulars = stepped.customers then 'nobody was new'
        when stepped.profit <= 0 or stepped.new_profit_mean <= 0 then 'no profit to compare with'
    end as profit_reason,
    case
        when stepped.acquisition_spend is null then 'no cost of winning customers was booked'
        when stepped.retention_spend is null then 'no cost of keeping customers was booked'
        when coalesce(stepped.retained, 0) = 0 then 'nobody was kept'
        when stepped.new_best is null then 'nobody was new in A'
    end as effort_reason,
    coverage.coverage_pct,
    context.chain_currency as currency,
    context.as_of
from stepped
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_economics__concentration_measured') }} as concentration
    on stepped.calendar_year = concentration.calendar_year
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on stepped.calendar_year = coverage.calendar_year
