{% set zone = 'coalesce(stores.timezone, context.chain_timezone)' %}

-- A time without an offset is that of the store, of the chain where no store is named.
select
    contacts.interaction_id,
    {% for time in ['occurred_at', 'opened_at', 'closed_at', 'done_at'] %}
    case
        when contacts.{{ time }}_is_utc then contacts.{{ time }}
        else {{ local_to_utc('contacts.' ~ time, zone) }}
    end as {{ time }},
    {% endfor %}
    cast(
        case
            when contacts.occurred_at_is_utc
                then {{ utc_to_local('contacts.occurred_at', zone) }}
            else contacts.occurred_at
        end as date
    ) as occurred_date,
    cast(
        case
            when contacts.done_at_is_utc then {{ utc_to_local('contacts.done_at', zone) }}
            else contacts.done_at
        end as date
    ) as done_date,
    contacts.channel,
    contacts.direction,
    contacts.purpose,
    contacts.customer_id,
    contacts.prospect_id,
    contacts.staff_id,
    contacts.store_id,
    contacts.campaign_id,
    contacts.complaint_id,
    contacts.receipt_id,
    contacts.product_code,
    contacts.kind,
    contacts.order_status,
    contacts.service_phase,
    contacts.service_kind,
    contacts.case_id,
    contacts.handed_to_id,
    contacts.follow_up_kind,
    contacts.due_date,
    contacts.occasion,
    contacts.reason,
    contacts.wish,
    contacts.outcome,
    contacts.is_automatic,
    contacts.is_two_way,
    contacts.is_personalised,
    contacts.gift_value,
    contacts.cost,
    contacts.load_id
from {{ ref('int_customers__interactions_linked') }} as contacts
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_stores__details_stated') }} as stores on contacts.store_id = stores.store_id
