with parts as (
    select
        ratings.wave_id,
        count(distinct case when ratings.attitude_part = 'cognitive' then ratings.respondent end)
            as cognitive_respondents,
        count(distinct case when ratings.attitude_part = 'affective' then ratings.respondent end)
            as affective_respondents,
        cast(
            sum(case when ratings.attitude_part = 'cognitive' then ratings.score_100 end) as double
        )
        / nullif(count(case when ratings.attitude_part = 'cognitive' then 1 end), 0)
            as cognitive_mean_100,
        cast(
            sum(case when ratings.attitude_part = 'affective' then ratings.score_100 end) as double
        )
        / nullif(count(case when ratings.attitude_part = 'affective' then 1 end), 0)
            as affective_mean_100
    from {{ ref('int_surveys__ratings_kept') }} as ratings
    where ratings.subject = 'own'
    group by ratings.wave_id
),

shown as (
    select
        parts.wave_id,
        rules.anonymity_min_cell as min_cell,
        parts.cognitive_respondents,
        parts.affective_respondents,
        {{ large_cell(
            'parts.cognitive_mean_100', 'parts.cognitive_respondents', 'rules.anonymity_min_cell'
        ) }} as cognitive_mean_100,
        {{ large_cell(
            'parts.affective_mean_100', 'parts.affective_respondents', 'rules.anonymity_min_cell'
        ) }} as affective_mean_100
    from parts
    cross join {{ ref('int_surveys__rules_dated') }} as rules
)

select
    shown.wave_id,
    {{ answers_label('shown.cognitive_respondents', 'shown.min_cell') }} as cognitive_n_label,
    {{ answers_label('shown.affective_respondents', 'shown.min_cell') }} as affective_n_label,
    shown.cognitive_mean_100,
    shown.affective_mean_100,
    shown.affective_mean_100 - shown.cognitive_mean_100 as gap_100,
    context.as_of
from shown
cross join {{ ref('int_build__context_stated') }} as context
