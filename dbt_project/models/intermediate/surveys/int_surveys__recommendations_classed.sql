with limits as (
    select
        context.as_of,
        max(case when periods.code = 'nps_scale_min' then periods.value_number end) as scale_min,
        max(case when periods.code = 'nps_scale_max' then periods.value_number end) as scale_max,
        max(case when periods.code = 'nps_promoter_min' then periods.value_number end)
            as promoter_min,
        max(case when periods.code = 'nps_passive_min' then periods.value_number end) as passive_min
    from {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_parameters__periods_dated') }} as periods
        on context.as_of >= periods.valid_from and context.as_of < periods.valid_before
    group by context.as_of
)

select
    answers.wave_id,
    answers.response_id,
    answers.question_code,
    answers.calendar_year,
    answers.customer_id,
    answers.responded_at_local,
    answers.store_id,
    answers.survey_mode,
    answers.survey_trigger,
    answers.weight,
    case
        when answers.score >= limits.promoter_min then 'promoter'
        when answers.score >= limits.passive_min then 'passive'
        else 'detractor'
    end as recommendation
from {{ ref('int_surveys__identities_removed') }} as answers
inner join limits
    on answers.scale_min = limits.scale_min and answers.scale_max = limits.scale_max
where
    answers.dimension = 'recommend'
    and answers.subject = 'own'
    and answers.score is not null
