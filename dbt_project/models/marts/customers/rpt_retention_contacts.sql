-- Of the customers at risk now, who was contacted since the silence began, and what came of all
-- retention contacts whose outcome can be told.
with since as (
    select
        risks.customer_id,
        risks.band,
        max(
            case
                when
                    contacts.contact_date
                    > {{ add_days('risks.as_of', '-risks.days_since_purchase') }}
                    then 1
                else 0
            end
        ) as is_contacted
    from {{ ref('mart_churn_risk') }} as risks
    left join {{ ref('int_churn__contacts_judged') }} as contacts
        on risks.customer_id = contacts.customer_id
    group by risks.customer_id, risks.band
),

bands as (
    select
        band,
        count(*) as customers,
        sum(is_contacted) as contacted
    from since
    group by band
),

outcomes as (
    select
        count(*) as contacts,
        count(
            case
                when
                    {{ days_between('contacts.contact_date', 'rules.as_of') }}
                    >= rules.retention_outcome_days
                    then 1
            end
        ) as judged,
        count(
            case
                when
                    {{ days_between('contacts.contact_date', 'rules.as_of') }}
                    >= rules.retention_outcome_days
                    and {{ days_between('contacts.contact_date', 'contacts.next_purchase_date') }}
                    <= rules.retention_outcome_days
                    then 1
            end
        ) as bought
    from {{ ref('int_churn__contacts_judged') }} as contacts
    cross join {{ ref('int_churn__rules_dated') }} as rules
)

select
    bands.band,
    cast(bands.customers as integer) as customers,
    case when outcomes.contacts > 0 then cast(bands.contacted as integer) end as contacted,
    case
        when outcomes.contacts > 0
            then cast(bands.contacted as double) / nullif(bands.customers, 0)
    end as contacted_share,
    cast(outcomes.judged as integer) as contacts_judged,
    cast(outcomes.bought as double) / nullif(outcomes.judged, 0) as bought_within_window_share,
    case when outcomes.contacts = 0 then 'no retention contact is delivered' end as missing_reason,
    context.as_of
from bands
cross join outcomes
cross join {{ ref('int_build__context_stated') }} as context
