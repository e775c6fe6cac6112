-- Opens at the end of the year, closes at the end of the next year in which the band is fairly
-- treated.
with judged as (
    select
        treatment.*,
        cast(cast(treatment.calendar_year as string) || '-12-31' as date) as year_end
    from {{ ref('int_churn__treatment_measured') }} as treatment
    inner join {{ ref('int_build__context_stated') }} as context
        on
            cast(cast(treatment.calendar_year as string) || '-12-31' as date) <= context.as_of
    where treatment.value_band <> 'A'
),

told as (
    select
        *,
        lag(is_unfair, 1, false) over (partition by value_band order by calendar_year asc)
            as was_unfair,
        min(case when not is_unfair then year_end end) over (
            partition by value_band
            order by calendar_year asc
            rows between 1 following and unbounded following
        ) as mended_date
    from judged
)

select
    'UNFAIR_TREATMENT' as alert_code,
    'tier' as entity_type,
    value_band as entity_id,
    year_end as opened_date,
    mended_date as closed_date,
    gap_to_a as alert_value,
    gap_allowed as threshold,
    case when mended_date is not null then 'a year without the gap followed' end as feedback
from told
where is_unfair and not coalesce(was_unfair, false)
