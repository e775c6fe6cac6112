select
    links.wave_id,
    links.dimension,
    links.csat_mean_100,
    links.csat_target,
    links.csat_mean_100 - links.csat_target as gap_100,
    cast(links.answers as integer) as n,
    links.improvement_id,
    links.owner_id,
    links.due_date,
    links.after_wave_id,
    links.after_csat_mean_100,
    case
        when links.plan_date <= links.act_by_date and links.act_date is not null then 'closed'
        when links.plan_date <= links.act_by_date and links.do_date is not null then 'under way'
        when links.plan_date <= links.act_by_date then 'planned'
        when links.plan_date is not null then 'planned late'
        when context.as_of > links.act_by_date then 'no action'
        else 'open'
    end as status,
    context.as_of
from {{ ref('int_surveys__weak_links_found') }} as links
cross join {{ ref('int_build__context_stated') }} as context
