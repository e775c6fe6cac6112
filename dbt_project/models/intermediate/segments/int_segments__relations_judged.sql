-- Pays the list price and stays: both are needed, and neither a discount hunter nor a newcomer has
-- them. Breadth and contacts are told beside them.
with contacts as (
    select
        customer_id,
        count(*) as contacts
    from {{ ref('int_customers__interactions_linked') }}
    where customer_id is not null
    group by customer_id
),

judged as (
    select
        buyers.customer_id,
        buyers.full_price_share,
        buyers.tenure_days,
        buyers.series_bought,
        coalesce(contacts.contacts, 0) as contacts,
        coalesce(buyers.full_price_share >= rules.relational_min_full_price_share, false)
            as pays_list_price,
        buyers.tenure_days >= rules.relational_min_tenure_days as stays,
        buyers.recency_days <= rules.churn_days as still_buys
    from {{ ref('int_segments__buyers_measured') }} as buyers
    cross join {{ ref('int_segments__rules_dated') }} as rules
    left join contacts on buyers.customer_id = contacts.customer_id
    where buyers.is_current
)

select
    customer_id,
    pays_list_price and stays and still_buys as is_relational,
    case
        when full_price_share is null then 'price share unknown; '
        else
            cast(cast(round(100 * full_price_share) as integer) as string) || ' % at full price; '
    end
    || cast(tenure_days as string) || ' days of buying; '
    || cast(series_bought as string) || ' series; '
    || cast(contacts as string) || ' contacts'
    || case when not pays_list_price then '; follows the discounts' else '' end
    || case when not stays then '; too short a time' else '' end
    || case when not still_buys then '; no longer buys' else '' end as relational_reason
from judged
