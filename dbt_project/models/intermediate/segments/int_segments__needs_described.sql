-- What customers are and want, beside what they do; what is not known stays null.
with series_ranked as (
    select
        customer_id,
        series,
        row_number() over (partition by customer_id order by spend desc, series asc) as place
    from {{ ref('int_segments__tastes_measured') }}
),

channels as (
    select
        sales.customer_id,
        sales.channel,
        count(distinct sales.store_id || ' ' || sales.receipt_id) as receipts
    from {{ ref('int_sales__lines_kept') }} as sales
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where
        sales.customer_id is not null
        and not sales.is_refund
        and sales.channel <> 'UNKNOWN'
        and {{ days_between('sales.business_date', 'rules.as_of') }} < rules.window_days
    group by sales.customer_id, sales.channel
),

channels_ranked as (
    select
        customer_id,
        channel,
        row_number() over (partition by customer_id order by receipts desc, channel asc) as place
    from channels
)

select
    buyers.customer_id,
    stresses.value_element as stressed_element,
    ages.age_band,
    members.sex,
    members.income_band,
    members.household,
    favourites.series as favourite_series,
    usual.channel as usual_channel,
    behaviours.segment as behaviour_class,
    case when buyers.weekend_share > 0.5 then 'weekend' else 'weekday' end as usual_days
from {{ ref('int_segments__buyers_measured') }} as buyers
left join {{ ref('int_segments__stresses_found') }} as stresses
    on buyers.customer_id = stresses.customer_id
left join {{ ref('int_segments__ages_banded') }} as ages
    on buyers.customer_id = ages.customer_id
left join {{ ref('int_customers__contacts_removed') }} as members
    on buyers.customer_id = members.customer_id
left join {{ ref('int_segments__behaviours_classed') }} as behaviours
    on buyers.customer_id = behaviours.customer_id
left join series_ranked as favourites
    on buyers.customer_id = favourites.customer_id and favourites.place = 1
left join channels_ranked as usual
    on buyers.customer_id = usual.customer_id and usual.place = 1
where buyers.is_current
