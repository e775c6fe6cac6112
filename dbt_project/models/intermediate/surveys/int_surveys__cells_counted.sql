-- A cell is shown with at least k respondents. A hidden one must not come out by subtraction
-- either: where the hidden ones of a table hold fewer than k together the smallest shown cell goes
-- with them, and a year is hidden while its hidden waves hold fewer than k.
{{ config(materialized='table') }}

with answers as (
    select
        wave_id,
        calendar_year,
        respondent,
        store_id,
        survey_mode,
        survey_trigger,
        dimension,
        score_100,
        is_top,
        weight,
        cast(null as string) as recommendation
    from {{ ref('int_surveys__ratings_kept') }}
    where role = 'satisfaction' and subject = 'own'
    union all
    select
        wave_id,
        calendar_year,
        wave_id || ' ' || response_id as respondent,
        store_id,
        survey_mode,
        survey_trigger,
        'recommend' as dimension,
        cast(null as decimal(7, 4)) as score_100,
        cast(null as boolean) as is_top,
        weight,
        recommendation
    from {{ ref('int_surveys__recommendations_classed') }}
),

breakdowns as (
    select 'all' as breakdown
    union all
    select 'store' as breakdown
    union all
    select 'mode' as breakdown
    union all
    select 'trigger' as breakdown
),

placed as (
    select
        answers.*,
        breakdowns.breakdown,
        case breakdowns.breakdown
            when 'all' then 'all'
            when 'store' then coalesce(answers.store_id, 'unknown')
            when 'mode' then coalesce(answers.survey_mode, 'unknown')
            when 'trigger' then coalesce(answers.survey_trigger, 'unknown')
        end as breakdown_value
    from answers
    cross join breakdowns
),

periods as (
    select
        'wave' as period_type,
        wave_id as period,
        *
    from placed
    union all
    select
        'year' as period_type,
        cast(calendar_year as string) as period,
        *
    from placed
),

counted as (
    select
        period_type,
        period,
        breakdown,
        breakdown_value,
        dimension,
        min(calendar_year) as calendar_year,
        count(distinct respondent) as respondents,
        count(*) as answers,
        sum(score_100) as score_sum,
        sum(score_100 * score_100) as score_square_sum,
        sum(score_100 * weight) as weighted_score_sum,
        sum(weight) as weight_sum,
        count(case when is_top then 1 end) as top_answers,
        count(case when recommendation = 'promoter' then 1 end) as promoters,
        count(case when recommendation = 'passive' then 1 end) as passives,
        count(case when recommendation = 'detractor' then 1 end) as detractors,
        sum(
            case recommendation when 'promoter' then weight when 'detractor' then -weight else 0 end
        ) as weighted_balance
    from periods
    group by period_type, period, breakdown, breakdown_value, dimension
),

neighbours as (
    select
        counted.*,
        rules.anonymity_min_cell as min_cell,
        counted.respondents >= rules.anonymity_min_cell as is_large,
        sum(case when counted.respondents < rules.anonymity_min_cell then counted.respondents end)
            over (
                partition by
                    counted.period_type, counted.period, counted.breakdown, counted.dimension
            ) as small_respondents,
        row_number() over (
            partition by
                counted.period_type,
                counted.period,
                counted.breakdown,
                counted.dimension,
                counted.respondents >= rules.anonymity_min_cell
            order by counted.respondents asc, counted.breakdown_value asc
        ) as place
    from counted
    cross join {{ ref('int_surveys__rules_dated') }} as rules
),

judged as (
    select
        *,
        is_large and not (place = 1 and coalesce(small_respondents < min_cell, false))
            as is_shown_in_table
    from neighbours
),

hidden_waves as (
    select
        calendar_year,
        breakdown,
        breakdown_value,
        dimension,
        sum(respondents) as respondents
    from judged
    where period_type = 'wave' and not is_shown_in_table
    group by calendar_year, breakdown, breakdown_value, dimension
)

select
    cells.period_type,
    cells.period,
    cells.calendar_year,
    cells.breakdown,
    cells.breakdown_value,
    cells.dimension,
    cells.respondents,
    cells.answers,
    cells.score_sum,
    cells.score_square_sum,
    cells.weighted_score_sum,
    cells.weight_sum,
    cells.top_answers,
    cells.promoters,
    cells.passives,
    cells.detractors,
    cells.weighted_balance,
    cells.min_cell,
    cells.is_shown_in_table
    and not (cells.period_type = 'year' and coalesce(hidden.respondents < cells.min_cell, false))
        as is_shown
from judged as cells
left join hidden_waves as hidden
    on
        cells.calendar_year = hidden.calendar_year
        and cells.breakdown = hidden.breakdown
        and cells.breakdown_value = hidden.breakdown_value
        and cells.dimension = hidden.dimension
