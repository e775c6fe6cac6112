-- The next contact is due when the silence would become too long, or earlier by a task that is
-- open. Product news are contacts of sales that the house began in the year to as_of.
with plans as (
    select
        listed.*,
        row_number() over (
            partition by listed.customer_id order by listed.start_date desc, listed.plan_id asc
        ) as place
    from {{ ref('int_service__plans_linked') }} as listed
    inner join {{ ref('int_build__context_stated') }} as context
        on listed.start_date <= context.as_of
    where listed.kind = 'customer' and listed.customer_id is not null
),

contacts as (
    select
        contacts.customer_id,
        min(
            case
                when contacts.follow_up_kind is not null and contacts.done_date is null
                    then contacts.due_date
            end
        ) as next_task_date,
        count(
            case
                when
                    contacts.purpose = 'sales'
                    and contacts.direction = 'outbound'
                    and {{ days_between('contacts.occurred_date', 'context.as_of') }} < 365
                    then 1
            end
        ) as product_news_365d
    from {{ ref('int_service__contacts_localised') }} as contacts
    inner join {{ ref('int_build__context_stated') }} as context
        on contacts.occurred_date <= context.as_of
    where contacts.customer_id is not null
    group by contacts.customer_id
),

issues as (
    select
        customer_id,
        count(*) as open_complaints
    from {{ ref('fct_complaint') }}
    where is_open and customer_id is not null
    group by customer_id
)

select
    cover.customer_id,
    cover.key_reason,
    cover.owner_staff_id,
    plans.plan_id,
    plans.title as plan_title,
    plans.need as plan_need,
    plans.due_date as plan_due_date,
    cast(plans.milestones as integer) as plan_milestones,
    cast(plans.milestones_done as integer) as plan_milestones_done,
    case
        when not planned.is_delivered then 'no data'
        when plans.plan_id is null then 'no plan'
        when plans.done_date is not null then 'done'
        when plans.due_date < cover.as_of then 'overdue'
        else 'running'
    end as plan_status,
    cover.last_contact_date,
    least(
        {{ add_days('cover.last_contact_date', 'cast(rules.key_silent_days as integer)') }},
        coalesce(
            contacts.next_task_date,
            {{ add_days('cover.last_contact_date', 'cast(rules.key_silent_days as integer)') }}
        )
    ) as next_contact_due_date,
    cover.contact_status,
    cast(
        case when complained.is_delivered then coalesce(issues.open_complaints, 0) end as integer
    ) as open_complaints,
    cast(
        case when logged.is_delivered then coalesce(contacts.product_news_365d, 0) end as integer
    ) as product_news_365d,
    cover.as_of
from {{ ref('mart_key_customer_cover') }} as cover
cross join {{ ref('int_grading__rules_stated') }} as rules
{% for alias, feed in [
    ('planned', 'ref_plans'), ('complained', 'complaints'), ('logged', 'ref_interactions')
] %}
inner join {{ ref('int_loads__feeds_delivered') }} as {{ alias }}
    on {{ alias }}.feed = '{{ feed }}'
{% endfor %}
left join plans on cover.customer_id = plans.customer_id and plans.place = 1
left join contacts on cover.customer_id = contacts.customer_id
left join issues on cover.customer_id = issues.customer_id
