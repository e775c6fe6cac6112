-- A dimension that stays weak over several waves without an improvement is one alert.
with unanswered as (
    select
        links.dimension,
        links.wave_no,
        {{ add_days('links.act_by_date', 1) }} as opened_date,
        case
            when links.plan_date <= coalesce(links.recovered_date, links.plan_date)
                then links.plan_date
            else links.recovered_date
        end as closed_date,
        links.csat_mean_100,
        links.csat_target
    from {{ ref('int_surveys__weak_links_found') }} as links
    inner join {{ ref('int_build__context_stated') }} as context
        on {{ add_days('links.act_by_date', 1) }} <= context.as_of
    where links.plan_date is null or links.plan_date > links.act_by_date
),

told as (
    select
        *,
        lag(wave_no) over (partition by dimension order by wave_no asc) as wave_before,
        lag(closed_date) over (partition by dimension order by wave_no asc) as closed_before_date
    from unanswered
    where opened_date < coalesce(closed_date, cast('9999-12-31' as date))
)

select
    'CSAT_NO_ACTION' as alert_code,
    'dimension' as entity_type,
    dimension as entity_id,
    opened_date,
    closed_date,
    csat_mean_100 as alert_value,
    csat_target as threshold,
    case
        when closed_date is not null then 'an improvement was planned or the score recovered'
    end as feedback
from told
where wave_before is null or closed_before_date <= opened_date
