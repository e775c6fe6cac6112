-- Of the actions of both stages the one with the lower priority number comes first. At a tie it is
-- that of the five stages, unless they merely say that the customer is active.
-- Whom marketing may not reach has an action, and no channel but the store to carry it out.
with candidates as (
    select
        lifecycle.customer_id,
        actions.lifecycle,
        actions.stage,
        actions.action,
        actions.channel,
        actions.owner,
        row_number() over (
            partition by lifecycle.customer_id
            order by
                actions.priority asc nulls last,
                case when actions.stage = 'active' then 1 else 0 end asc,
                actions.lifecycle desc,
                actions.action asc
        ) as place
    from {{ ref('mart_lifecycle') }} as lifecycle
    inner join {{ ref('int_lifecycle__actions_ranked') }} as actions
        on
            (actions.lifecycle = 'stage4' and lifecycle.stage4 = actions.stage)
            or (actions.lifecycle = 'stage5' and lifecycle.stage5 = actions.stage)
)

select
    lifecycle.customer_id,
    lifecycle.stage4,
    lifecycle.stage5,
    candidates.action,
    case
        when coalesce(consents.is_contactable, false) or candidates.channel = 'store'
            then candidates.channel
    end as channel,
    candidates.owner,
    case
        when candidates.stage is null then 'no policy of the stage is delivered'
        when candidates.lifecycle = 'stage4'
            then 'stage ' || candidates.stage || ': ' || lifecycle.stage4_reason
        else 'stage ' || candidates.stage || ': ' || lifecycle.stage5_reason
    end as action_reason,
    lifecycle.as_of
from {{ ref('mart_lifecycle') }} as lifecycle
left join candidates on lifecycle.customer_id = candidates.customer_id and candidates.place = 1
left join {{ ref('int_customers__consents_judged') }} as consents
    on lifecycle.customer_id = consents.customer_id
