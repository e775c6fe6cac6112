select
    page_id,
    alert_code,
    opened_at as page_date,
    severity,
    owner,
    runbook,
    cast(count(*) as integer) as alerts,
    cast(sum(cases) as integer) as cases,
    cast(count(case when status = 'open' then 1 end) as integer) as open_alerts,
    {{ text_list('entity_id', '; ', 'entity_type, entity_id') }} as entities,
    as_of
from {{ ref('fct_alerts') }}
group by page_id, alert_code, opened_at, severity, owner, runbook, as_of
