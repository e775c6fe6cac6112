-- Intervals are of the unweighted answers: Student's of the mean, Wilson's of the share.
-- Where the overall question was not asked, the mean of the dimensions stands in and says so.
with cells as (
    select
        *,
        false as is_derived,
        cast(score_sum as double) / answers as mean_100,
        cast(weighted_score_sum as double) / nullif(cast(weight_sum as double), 0)
            as weighted_mean_100,
        100 * cast(top_answers as double) / answers as top2_pct,
        cast(answers as double) as counted,
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
        counted,
        top_answers,
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
        cast(null as double) as counted,
        cast(null as integer) as top_answers,
        max(min_cell) as min_cell,
        count(case when not is_shown then 1 end) = 0 as is_shown
    from cells
    group by period_type, period, breakdown, breakdown_value
    having count(case when dimension = 'overall' then 1 end) = 0
),

rules as (
    select
        as_of,
        cast(nps_margin_z as double) as margin_z
    from {{ ref('int_surveys__rules_dated') }}
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
    case
        when measured.is_shown
            then
                {{ student_quantile('rules.margin_z', 'nullif(measured.counted - 1, 0)') }}
                * measured.sd_100 / sqrt(measured.counted)
    end as csat_margin_of_error_100,
    case
        when measured.is_shown
            then
                100
                * {{ wilson_bound(
                    'measured.top_answers', 'measured.counted', 'rules.margin_z', '-'
                ) }}
    end as csat_top2_low_pct,
    case
        when measured.is_shown
            then
                100
                * {{ wilson_bound(
                    'measured.top_answers', 'measured.counted', 'rules.margin_z', '+'
                ) }}
    end as csat_top2_high_pct,
    cast(benchmarks.low as double) as benchmark_mean_100,
    rules.as_of
from measured
cross join rules
left join {{ ref('int_surveys__dimensions_listed') }} as names
    on measured.dimension = names.dimension
left join {{ ref('int_surveys__benchmarks_listed') }} as benchmarks
    on measured.dimension = 'overall' and benchmarks.code = 'sat_02_csat'
