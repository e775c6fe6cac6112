-- The total cost counts as asked; where it was not, as the mean of its parts.
with parts as (
    select
        wave_id,
        question_code,
        role,
        cast(sum(score_100) as double) / count(*) as mean_100,
        count(distinct respondent) as respondents
    from {{ ref('int_surveys__ratings_kept') }}
    where role in ('total_value', 'total_cost', 'cost_part') and subject = 'own'
    group by wave_id, question_code, role
),

waves as (
    select
        wave_id,
        max(case when role = 'total_value' then mean_100 end) as value_mean_100,
        coalesce(
            max(case when role = 'total_cost' then mean_100 end),
            cast(
                sum(case when role = 'cost_part' then cast(mean_100 as decimal(18, 9)) end)
                as double
            )
            / nullif(count(case when role = 'cost_part' then 1 end), 0)
        ) as cost_mean_100,
        coalesce(min(case when role = 'total_value' then respondents end), 0) as value_respondents,
        coalesce(min(case when role <> 'total_value' then respondents end), 0) as cost_respondents
    from parts
    group by wave_id
),

shown as (
    select
        listed.wave_id,
        coalesce(waves.value_respondents, 0) as value_respondents,
        coalesce(waves.cost_respondents, 0) as cost_respondents,
        {{ large_cell(
            'waves.value_mean_100', 'waves.value_respondents', 'rules.anonymity_min_cell'
        ) }} as value_shown,
        {{ large_cell(
            'waves.cost_mean_100', 'waves.cost_respondents', 'rules.anonymity_min_cell'
        ) }} as cost_shown,
        rules.as_of
    from {{ ref('int_surveys__waves_listed') }} as listed
    cross join {{ ref('int_value__rules_dated') }} as rules
    left join waves on listed.wave_id = waves.wave_id
)

select
    wave_id,
    value_shown as value_mean_100,
    cost_shown as cost_mean_100,
    value_shown - cost_shown as delivered_value,
    case
        when value_respondents = 0 or cost_respondents = 0 then 'no data'
        when value_shown is null or cost_shown is null then 'insufficient'
        else 'measured'
    end as status,
    as_of
from shown
