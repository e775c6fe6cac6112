-- Contacts with one case_id are one case: what it is about tells the first contact, how an order
-- stands the last one that says so. A contact without a number is a case of its own.
with contacts as (
    select
        *,
        coalesce(case_id, interaction_id) as case_no
    from {{ ref('int_service__contacts_localised') }}
    where kind is not null or service_kind is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by case_no
            order by occurred_at asc, interaction_id asc
        ) as place,
        row_number() over (
            partition by case_no
            order by order_status is null asc, occurred_at desc, interaction_id desc
        ) as place_of_status
    from contacts
),

cases as (
    select
        case_no as case_id,
        max(case when place = 1 then kind end) as kind,
        max(case when place = 1 then service_phase end) as service_phase,
        max(case when place = 1 then service_kind end) as service_kind,
        max(case when place = 1 then store_id end) as store_id,
        max(case when place = 1 then customer_id end) as customer_id,
        max(case when place = 1 then occurred_date end) as opened_date,
        max(case when place_of_status = 1 then order_status end) as order_status,
        min(coalesce(opened_at, occurred_at)) as opened_at,
        max(closed_at) as closed_at,
        count(*) as contacts
    from ranked
    group by case_no
)

select
    *,
    cast({{ seconds_between('opened_at', 'closed_at') }} as double) / 3600 as hours_to_close,
    case
        when kind = 'order_request'
            then coalesce(order_status not in ('delivered', 'cancelled'), true)
        when service_kind is not null then closed_at is null
        else false
    end as is_open
from cases
