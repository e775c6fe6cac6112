-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

-- One loss begins the day after churn_days of silence and ends with the next purchase, on whatever
-- night that purchase becomes known. The value is that of the year up to the last purchase.
with losses as (
    select
        purchases.customer_id,
        purchases.business_date as last_purchase_date,
        {{ add_days('purchases.business_date', 'cast(rules.days as integer) + 1') }} as lost_date,
        case
            when purchases.next_purchase_date < cast('9999-12-31' as date)
                then purchases.next_purchase_date
        end as returned_date
    from {{ ref('int_lifecycle__purchases_accumulated') }} as purchases
    cross join {{ ref('int_churn__rules_dated') }} as rules
    where
        {{ days_between(
            'purchases.business_date', 'least(purchases.next_purchase_date, rules.as_of)'
        ) }} > rules.days
),

values_before as (
    select
        losses.customer_id,
        losses.lost_date,
        sum(days.net_spend) as net_spend_year_before
    from losses
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            losses.customer_id = days.customer_id
            and losses.lost_date > days.business_date
            and {{ days_between('days.business_date', 'losses.last_purchase_date') }} < 365
    group by losses.customer_id, losses.lost_date
),

stores as (
    select
        losses.customer_id,
        losses.lost_date,
        sales.store_id,
        row_number() over (
            partition by losses.customer_id, losses.lost_date
            order by count(distinct sales.receipt_id) desc, sales.store_id asc
        ) as place
    from losses
    inner join {{ ref('int_sales__lines_kept') }} as sales
        on
            losses.customer_id = sales.customer_id
            and losses.last_purchase_date >= sales.business_date
            and {{ days_between('sales.business_date', 'losses.last_purchase_date') }} < 365
    group by losses.customer_id, losses.lost_date, sales.store_id
)

select
    losses.customer_id,
    losses.last_purchase_date,
    losses.lost_date,
    losses.returned_date,
    cast(values_before.net_spend_year_before as decimal(18, 2)) as net_spend_year_before,
    case
        when values_before.net_spend_year_before >= tiers.a_min then 'A'
        when values_before.net_spend_year_before >= tiers.b_min then 'B'
        when values_before.net_spend_year_before < tiers.b_min then 'C'
    end as value_band,
    stores.store_id
from losses
left join values_before
    on
        losses.customer_id = values_before.customer_id
        and losses.lost_date = values_before.lost_date
left join stores
    on
        losses.customer_id = stores.customer_id
        and losses.lost_date = stores.lost_date
        and stores.place = 1
left join {{ ref('int_tiers__rules_dated') }} as tiers
    on extract(year from losses.last_purchase_date) = tiers.calendar_year
