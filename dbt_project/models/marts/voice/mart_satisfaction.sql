-- Where the overall question was not asked, the mean of the dimensions stands in and says so.
with cells as (
    select
        *,
        false as is_derived,
        cast(score_sum as double) / answers as mean_100,
        cast(weighted_score_sum as double) / nullif(cast(weight_sum as double), 0)
            as weighted_mean_100,
        100 * cast(top_answers as double) / answers as top2_pct,
        case
            when answers > 1
                then
                    sqrt(
                        greatest(
                            cast(score_square_sum as double)
                            - cast(score_sum as double) * cast(score_sum as double) / answers,
                            0
                        ) / (answers - 1)
                    )
        end as sd_100
    from {{ ref('int_surveys__cells_counted') }}
    where dimension <> 'recommend'
),

measured as (
    select
        period_type,
        period,
        breakdown,
        breakdown_value,
        dimension,
        is_derived,
        respondents,
        answers,
        mean_100,
        weighted_mean_100,
        top2_pct,
        sd_100,
        min_cell,
        is_shown
    from cells
    union all
    select
        period_type,
        period,
        breakdown,
        breakdown_value,
        'overall' as dimension,
        true as is_derived,
        min(respondents) as respondents,
        min(answers) as answers,
        cast(sum(cast(mean_100 as decimal(18, 9))) as double) / count(mean_100)
            as mean_100,
        cast(sum(cast(weighted_mean_100 as decimal(18, 9))) as double)
        / count(weighted_mean_100) as weighted_mean_100,
        cast(sum(cast(top2_pct as decimal(18, 9))) as double) / count(top2_pct)
            as top2_pct,
        cast(null as double) as sd_100,
        max(min_cell) as min_cell,
        count(case when not is_shown then 1 end) = 0 as is_shown
    from cells
    group by period_type, period, breakdown, breakdown_value
    having count(case when dimension = 'overall' then 1 end) = 0
)

select
    measured.period_type,
    measured.period,
    measured.breakdown,
    measured.breakdown_value,
    measured.dimension,
    names.name_zh as dimension_zh,
    measured.is_derived,
    case
        when not measured.is_shown and measured.respondents >= measured.min_cell then 'hidden'
        else {{ answers_label('measured.respondents', 'measured.min_cell') }}
    end as n_label,
    cast(case when measured.is_shown then measured.respondents end as integer) as n,
    case when measured.is_shown then measured.mean_100 end as csat_mean_100,
    case when measured.is_shown then measured.weighted_mean_100 end as csat_weighted_mean_100,
    case when measured.is_shown then measured.top2_pct end as csat_top2_pct,
    case when measured.is_shown then measured.sd_100 end as csat_sample_sd_100,
    cast(benchmarks.low as double) as benchmark_mean_100,
    context.as_of
from measured
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_surveys__dimensions_listed') }} as names
    on measured.dimension = names.dimension
left join {{ ref('int_surveys__benchmarks_listed') }} as benchmarks
    on measured.dimension = 'overall' and benchmarks.code = 'sat_02_csat'
