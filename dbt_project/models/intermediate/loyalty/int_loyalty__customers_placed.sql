-- A buyer is placed by the cut-off of the series' year for attitude and by repeat days for repeat.
-- A table: the mart, its counts, its movements and the reports of causes read it.
{{ config(materialized='table') }}

with judged as (
    select
        buyers.customer_id,
        buyers.product_series,
        buyers.calendar_year,
        buyers.purchase_days,
        buyers.net_spend,
        attitudes.attitude_mean_100,
        case
            when attitudes.attitude_mean_100 is null then 'no attitude'
            when series.attitude_cut is null then 'insufficient'
            when attitudes.attitude_mean_100 >= series.attitude_cut then 'high'
            else 'low'
        end as attitude_level,
        case when buyers.is_repeat then 'high' else 'low' end as repeat_level
    from {{ ref('int_loyalty__buyers_summarised') }} as buyers
    left join {{ ref('int_loyalty__series_placed') }} as series
        on
            buyers.product_series = series.product_series
            and buyers.calendar_year = series.calendar_year
    left join {{ ref('int_surveys__attitudes_summarised') }} as attitudes
        on
            buyers.customer_id = attitudes.customer_id
            and buyers.product_series = attitudes.product_series
            and buyers.calendar_year = attitudes.calendar_year
)

select
    judged.customer_id,
    judged.product_series,
    judged.calendar_year,
    judged.purchase_days,
    judged.net_spend,
    judged.attitude_mean_100,
    judged.attitude_level,
    judged.repeat_level,
    coalesce(quadrants.quadrant, judged.attitude_level) as quadrant
from judged
left join {{ ref('ref_loyalty_quadrants') }} as quadrants
    on
        judged.attitude_level = quadrants.attitude_level
        and judged.repeat_level = quadrants.repeat_level
