-- Attrition of closed calendar years against the ceiling and half the industry's; without a figure
-- of the industry that half is not judged.
with counted as (
    select
        period_start,
        period_end,
        sum(case when is_next_loss then customers else 0 end) as base,
        sum(case when is_lost then customers else 0 end) as lost
    from {{ ref('int_churn__bases_counted') }}
    where period_kind = 'year'
    group by period_start, period_end
),

years as (
    select
        extract(year from period_start) as calendar_year,
        period_end,
        base,
        lost,
        cast(lost as double) / base as attrition
    from counted
),

industry as (
    select
        extract(year from period) as calendar_year,
        cast(industry_churn as double) as industry_churn,
        source_name,
        row_number() over (
            partition by extract(year from period)
            order by is_preferred desc nulls last, published_date desc nulls last, source_name asc
        ) as place
    from {{ ref('stg_reference__market') }}
    where period_kind = 'year' and industry_churn is not null
)

select
    cast(years.calendar_year as integer) as calendar_year,
    years.period_end,
    cast(years.base as integer) as base,
    cast(years.lost as integer) as lost,
    years.attrition,
    cast(rules.attrition_ceiling as double) as ceiling,
    years.attrition < cast(rules.attrition_ceiling as double) as met_ceiling,
    industry.industry_churn,
    cast(rules.attrition_industry_ratio as double) * industry.industry_churn as industry_limit,
    years.attrition <= cast(rules.attrition_industry_ratio as double) * industry.industry_churn
        as met_industry
from years
cross join {{ ref('int_churn__rules_dated') }} as rules
left join industry on years.calendar_year = industry.calendar_year and industry.place = 1
