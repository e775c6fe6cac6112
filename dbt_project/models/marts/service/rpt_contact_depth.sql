{% set purposes = [('non_sales', "contacts.purpose = 'non_sales'"),
    ('sales', "contacts.purpose = 'sales'")] %}

-- A task that was set and not done is no contact. Depth leaves out what a machine sent and what
-- nobody said to be one way or two. The tier is that of the calendar year before. Who bought later
-- is told of contacts that lie contact_purchase_days back.
with contacts as (
    select
        logged.interaction_id,
        logged.customer_id,
        logged.occurred_date,
        logged.purpose,
        {{ month_of('logged.occurred_date') }} as month_start,
        coalesce(logged.is_automatic, false) as is_automatic,
        logged.is_two_way,
        case
            when logged.customer_id is null then 'unknown customer'
            else coalesce(tiers.tier, 'not yet rated')
        end as tier,
        {{ days_between('logged.occurred_date', 'rules.as_of') }} >= rules.contact_purchase_days
            as is_judged
    from {{ ref('int_service__contacts_localised') }} as logged
    inner join {{ ref('int_service__rules_dated') }} as rules
        on logged.occurred_date <= rules.as_of
    left join {{ ref('mart_customer_tier') }} as tiers
        on
            logged.customer_id = tiers.customer_id
            and extract(year from logged.occurred_date) - 1 = tiers.year
    where logged.follow_up_kind is null or logged.done_date is not null
),

followed as (
    select distinct contacts.interaction_id
    from contacts
    cross join {{ ref('int_service__rules_dated') }} as rules
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            contacts.customer_id = days.customer_id
            and contacts.occurred_date < days.business_date
            and {{ days_between('contacts.occurred_date', 'days.business_date') }}
            <= rules.contact_purchase_days
    where days.receipts > 0
),

counted as (
    select
        contacts.month_start,
        contacts.tier,
        {% for name, condition in purposes %}
        count(
            case
                when {{ condition }} and contacts.is_judged and contacts.customer_id is not null
                    then 1
            end
        ) as {{ name }}_judged,
        count(case when {{ condition }} and contacts.is_judged then followed.interaction_id end)
            as {{ name }}_followed,
        {% endfor %}
        count(*) as contacts,
        count(distinct contacts.customer_id) as customers,
        count(case when contacts.is_automatic then 1 end) as automatic_contacts,
        count(case when not contacts.is_automatic then contacts.is_two_way end) as told_contacts,
        count(case when not contacts.is_automatic and contacts.is_two_way then 1 end)
            as two_way_contacts,
        count(case when contacts.purpose = 'non_sales' then 1 end) as non_sales_contacts
    from contacts
    left join followed on contacts.interaction_id = followed.interaction_id
    group by contacts.month_start, contacts.tier
)

select
    counted.month_start,
    counted.tier,
    cast(counted.contacts as integer) as contacts,
    cast(counted.customers as integer) as customers,
    cast(case when counted.customers > 0 then counted.contacts end as double)
    / nullif(counted.customers, 0) as contacts_per_customer,
    cast(counted.automatic_contacts as integer) as automatic_contacts,
    cast(counted.two_way_contacts as integer) as two_way_contacts,
    cast(counted.two_way_contacts as double) / nullif(counted.told_contacts, 0) as depth,
    cast(counted.non_sales_contacts as integer) as non_sales_contacts,
    cast(counted.non_sales_contacts as double) / counted.contacts as non_sales_share,
    {% for name, condition in purposes %}
    cast(counted.{{ name }}_followed as double) / nullif(counted.{{ name }}_judged, 0)
        as bought_after_{{ name }},
    {% endfor %}
    case when delivered.is_delivered then 'measured' else 'no data' end as status,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join counted on delivered.is_delivered
where
    delivered.feed = 'ref_interactions'
    and (counted.contacts is not null or not delivered.is_delivered)
