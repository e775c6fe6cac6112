with delivered as (
    select
        (select count(*) from {{ ref('int_segments__feedback_known') }}) > 0 as has_ideas
)

select
    customers.customer_id,
    relations.is_relational,
    coalesce(relations.relational_reason, 'no purchase') as relational_reason,
    case
        when delivered.has_ideas
            then
                coalesce(ideas.adopted_suggestions, 0) + coalesce(ideas.improving_complaints, 0)
                > 0
    end as is_lead_customer,
    case when delivered.has_ideas then coalesce(ideas.adopted_suggestions, 0) end
        as adopted_suggestions,
    case when delivered.has_ideas then coalesce(ideas.improving_complaints, 0) end
        as improving_complaints,
    case
        when delivered.has_ideas
            then
                coalesce(ideas.adopted_suggestions, 0) + coalesce(ideas.improving_complaints, 0)
    end as contribution_ideas,
    case when delivered.has_ideas then 'measured' else 'no data' end as contribution_status,
    context.as_of
from {{ ref('dim_customer') }} as customers
cross join delivered
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_segments__relations_judged') }} as relations
    on customers.customer_id = relations.customer_id
left join {{ ref('int_segments__contributions_found') }} as ideas
    on customers.customer_id = ideas.customer_id
