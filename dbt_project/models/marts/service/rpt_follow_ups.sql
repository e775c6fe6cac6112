with tasks as (
    select
        contacts.interaction_id,
        contacts.follow_up_kind,
        contacts.customer_id,
        contacts.staff_id,
        contacts.store_id,
        contacts.complaint_id,
        contacts.receipt_id,
        contacts.due_date,
        case when contacts.done_date <= context.as_of then contacts.done_date end as done_date,
        context.as_of
    from {{ ref('int_service__contacts_localised') }} as contacts
    inner join {{ ref('int_build__context_stated') }} as context
        on contacts.occurred_date <= context.as_of
    where contacts.follow_up_kind is not null
)

select
    tasks.interaction_id,
    tasks.follow_up_kind,
    tasks.customer_id,
    tasks.staff_id,
    tasks.store_id,
    tasks.complaint_id,
    tasks.receipt_id,
    tasks.due_date,
    tasks.done_date,
    case
        when not delivered.is_delivered then 'no data'
        when tasks.done_date <= tasks.due_date then 'on time'
        when tasks.done_date is not null then 'late'
        when tasks.due_date < context.as_of then 'overdue'
        else 'open'
    end as status,
    case
        when coalesce(tasks.done_date, context.as_of) > tasks.due_date
            then
                cast(
                    {{ days_between(
                        'tasks.due_date', 'coalesce(tasks.done_date, context.as_of)'
                    ) }} as integer
                )
    end as days_late,
    context.as_of
from {{ ref('int_loads__feeds_delivered') }} as delivered
cross join {{ ref('int_build__context_stated') }} as context
left join tasks on delivered.is_delivered
where
    delivered.feed = 'ref_interactions'
    and (tasks.interaction_id is not null or not delivered.is_delivered)
