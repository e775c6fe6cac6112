-- The cut-offs are the medians of the year's series with enough answers and buyers, or fixed ones.
-- On the cut-off counts as high.
with buyers as (
    select
        product_series,
        calendar_year,
        count(*) as buyers,
        count(case when is_repeat then 1 end) as repeaters
    from {{ ref('int_loyalty__buyers_summarised') }}
    group by product_series, calendar_year
),

measured as (
    select
        attitudes.product_series,
        attitudes.calendar_year,
        attitudes.n as attitude_n,
        attitudes.attitude_mean_100,
        coalesce(buyers.buyers, 0) as buyers,
        cast(buyers.repeaters as double) / buyers.buyers as repeat_rate,
        attitudes.n >= rules.loyalty_min_n
        and coalesce(buyers.buyers, 0) >= rules.loyalty_min_n as is_sufficient
    from {{ ref('int_surveys__series_attitudes_listed') }} as attitudes
    cross join {{ ref('int_loyalty__rules_dated') }} as rules
    left join buyers
        on
            attitudes.product_series = buyers.product_series
            and attitudes.calendar_year = buyers.calendar_year
),

medians as (
    select
        calendar_year,
        percentile_cont(0.5) within group (order by attitude_mean_100) as attitude_median,
        percentile_cont(0.5) within group (order by repeat_rate) as repeat_median
    from measured
    where is_sufficient
    group by calendar_year
),

cut as (
    select
        measured.*,
        case
            when rules.loyalty_cut_policy = 'fixed' then cast(rules.loyalty_attitude_cut as double)
            else medians.attitude_median
        end as attitude_cut,
        case
            when rules.loyalty_cut_policy = 'fixed' then cast(rules.loyalty_repeat_cut as double)
            else medians.repeat_median
        end as repeat_cut
    from measured
    cross join {{ ref('int_loyalty__rules_dated') }} as rules
    left join medians on measured.calendar_year = medians.calendar_year
),

levelled as (
    select
        *,
        case
            when not is_sufficient then 'insufficient'
            when attitude_mean_100 >= attitude_cut then 'high'
            else 'low'
        end as attitude_level,
        case
            when not is_sufficient then 'insufficient'
            when repeat_rate >= repeat_cut then 'high'
            else 'low'
        end as repeat_level
    from cut
)

select
    levelled.product_series,
    levelled.calendar_year,
    cast(levelled.attitude_n as integer) as attitude_n,
    levelled.attitude_mean_100,
    cast(levelled.buyers as integer) as buyers,
    levelled.repeat_rate,
    levelled.attitude_cut,
    levelled.repeat_cut,
    levelled.attitude_level,
    levelled.repeat_level,
    coalesce(quadrants.quadrant, 'insufficient') as quadrant,
    quadrants.name_zh as quadrant_zh,
    details.expected_quadrant,
    quadrants.cause,
    quadrants.cure
from levelled
left join {{ ref('ref_loyalty_quadrants') }} as quadrants
    on
        levelled.attitude_level = quadrants.attitude_level
        and levelled.repeat_level = quadrants.repeat_level
left join {{ ref('int_loyalty__series_detailed') }} as details
    on levelled.product_series = details.product_series
