with opened as (
    select
        {{ quarter_of('opened_date') }} as quarter_start,
        count(*) as alerts_opened,
        count(closed_date) as alerts_closed
    from {{ ref('int_alerts__all_listed') }}
    group by {{ quarter_of('opened_date') }}
),

unread as (
    select
        count(case when status = 'unread' then 1 end) as reports_unread,
        count(case when status = 'no data' then 1 end) as reports_unjudged
    from {{ ref('rpt_report_use') }}
)

select
    quarters.quarter_start,
    quarters.quarter_end <= context.as_of as is_complete,
    cast(quarters.rows_received as bigint) as rows_received,
    quarters.freshness_score,
    quarters.quality_score,
    cast(coalesce(opened.alerts_opened, 0) as integer) as alerts_opened,
    cast(coalesce(opened.alerts_closed, 0) as integer) as alerts_closed,
    cast(
        case
            when
                context.as_of between quarters.quarter_start and quarters.quarter_end
                and unread.reports_unjudged = 0
                then unread.reports_unread
        end as integer
    ) as reports_unread,
    case when quarters.quality_score is null then 'no deliveries' else 'measured' end as status,
    context.as_of
from {{ ref('int_quality__quarters_scored') }} as quarters
cross join {{ ref('int_build__context_stated') }} as context
cross join unread
left join opened on quarters.quarter_start = opened.quarter_start
