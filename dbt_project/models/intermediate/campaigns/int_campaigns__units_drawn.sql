-- The audience as it stood the day before the campaign, from purchases alone: who was contacted
-- without belonging to it is compared with nobody. Who may not be contacted could not have been.
with buyers as (
    select
        windows.campaign_id,
        windows.audience,
        windows.start_date,
        windows.measured_to_date,
        days.customer_id,
        max(days.business_date) as last_purchase_date
    from {{ ref('int_campaigns__windows_set') }} as windows
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on windows.start_date > days.business_date
    inner join {{ ref('int_customers__consents_judged') }} as consents
        on days.customer_id = consents.customer_id and consents.is_contactable
    where windows.design = 'customers' and days.receipts > 0
    group by
        windows.campaign_id, windows.audience, windows.start_date, windows.measured_to_date,
        days.customer_id
),

audiences as (
    select buyers.*
    from buyers
    cross join {{ ref('int_campaigns__rules_dated') }} as rules
    left join {{ ref('int_tiers__key_periods_dated') }} as keys
        on
            buyers.customer_id = keys.customer_id
            and buyers.start_date > keys.key_from
            and buyers.start_date <= keys.key_before
    where
        case buyers.audience
            when 'lost'
                then
                    {{ days_between('buyers.last_purchase_date', 'buyers.start_date') }}
                    > rules.churn_days
            when 'key' then keys.customer_id is not null
            else true
        end
),

contacted as (
    select
        campaign_id,
        customer_id,
        min(contact_date) as contact_date
    from {{ ref('int_segments__contacts_answered') }}
    group by campaign_id, customer_id
)

select
    audiences.campaign_id,
    'customers' as design,
    audiences.customer_id as unit_id,
    coalesce(contacted.contact_date <= audiences.measured_to_date, false) as is_treated
from audiences
left join contacted
    on
        audiences.campaign_id = contacted.campaign_id
        and audiences.customer_id = contacted.customer_id
union all
-- Stores that were open all the time, before and during.
select
    windows.campaign_id,
    'stores' as design,
    stores.store_id as unit_id,
    coalesce(windows.region = stores.region, true)
    and (
        windows.store_ids is null
        or {{ text_position(
            "';' || stores.store_id || ';'", "';' || replace(windows.store_ids, ' ', '') || ';'"
        ) }} > 0
    ) as is_treated
from {{ ref('int_campaigns__windows_set') }} as windows
inner join {{ ref('int_stores__details_stated') }} as stores
    on
        coalesce(windows.before_start_date >= stores.opened_date, true)
        and coalesce(windows.measured_to_date < stores.closed_date, true)
where windows.design = 'stores'
