-- Precision is of the closed alerts whose line in the register says whether they were real.
with counted as (
    select
        alert_code,
        as_of,
        count(*) as closed_alerts,
        count(is_confirmed) as judged_alerts,
        count(case when is_confirmed then 1 end) as confirmed_alerts,
        count(case when not is_confirmed then 1 end) as false_alarms,
        count(case when cause is null then 1 end) as closed_without_cause,
        cast(sum({{ days_between('opened_at', 'closed_at') }}) as double) / count(*)
            as mean_days_to_close,
        {{ text_list("cause", '; ', 'cause') }} as causes
    from {{ ref('fct_alerts') }}
    where status = 'closed'
    group by alert_code, as_of
)

select
    alert_code,
    cast(closed_alerts as integer) as closed_alerts,
    cast(judged_alerts as integer) as judged_alerts,
    cast(confirmed_alerts as integer) as confirmed_alerts,
    cast(false_alarms as integer) as false_alarms,
    cast(confirmed_alerts as double) / nullif(judged_alerts, 0) as alert_precision,
    cast(closed_without_cause as integer) as closed_without_cause,
    causes,
    mean_days_to_close,
    case when judged_alerts = 0 then 'no data: nobody judged them' else 'judged' end as status,
    as_of
from counted
