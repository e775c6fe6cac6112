{{ config(meta={'requirements': ['LIFE-06']}) }}

-- As many rows as customers, each with a reason; once a policy is delivered every stage has one.
select
    actions.customer_id,
    actions.action_reason
from {{ ref('rpt_next_action') }} as actions
cross join (
    select count(*) as policies
    from {{ ref('int_lifecycle__actions_ranked') }}
) as delivered
where
    actions.action_reason is null
    or (delivered.policies > 0 and actions.action is null)
