-- Standard deviations of the answers on their own scale: n - 1 below for the sample, n for the
-- population.
with points as (
    select
        wave_id,
        question_code,
        dimension,
        subject,
        coalesce(product_series, value_element) as about,
        score,
        count(*) as answers,
        sum(score) as score_sum,
        sum(score * score) as score_square_sum
    from {{ ref('int_surveys__ratings_kept') }}
    group by
        wave_id, question_code, dimension, subject, coalesce(product_series, value_element), score
),

indicators as (
    select
        points.wave_id,
        points.question_code,
        points.subject,
        max(points.dimension) as dimension,
        max(points.about) as about,
        sum(points.answers) as answers,
        cast(sum(points.score_sum) as double) / sum(points.answers) as mean_score,
        greatest(
            cast(sum(points.score_square_sum) as double)
            - cast(sum(points.score_sum) as double) * cast(sum(points.score_sum) as double)
            / sum(points.answers),
            0
        ) as squares,
        min(points.score) as score_min,
        max(points.score) as score_max,
        {{ text_list(
            "cast(points.score as string) || ': ' || "
            ~ answers_label('points.answers', 'rules.anonymity_min_cell'),
            '; ', 'points.score asc'
        ) }} as frequencies,
        max(rules.anonymity_min_cell) as min_cell
    from points
    cross join {{ ref('int_surveys__rules_dated') }} as rules
    group by points.wave_id, points.question_code, points.subject
)

select
    indicators.wave_id,
    indicators.question_code,
    indicators.subject,
    indicators.dimension,
    indicators.about,
    {{ answers_label('indicators.answers', 'indicators.min_cell') }} as n_label,
    cast(
        {{ large_cell('indicators.answers', 'indicators.answers', 'indicators.min_cell') }}
        as integer
    ) as n,
    {{ large_cell('indicators.mean_score', 'indicators.answers', 'indicators.min_cell') }}
        as mean_score,
    {{ large_cell(
        'sqrt(indicators.squares / nullif(indicators.answers - 1, 0))',
        'indicators.answers', 'indicators.min_cell'
    ) }} as sample_sd,
    {{ large_cell(
        'sqrt(indicators.squares / indicators.answers)',
        'indicators.answers', 'indicators.min_cell'
    ) }} as population_sd,
    {{ large_cell('indicators.score_min', 'indicators.answers', 'indicators.min_cell') }}
        as score_min,
    {{ large_cell('indicators.score_max', 'indicators.answers', 'indicators.min_cell') }}
        as score_max,
    {{ large_cell('indicators.frequencies', 'indicators.answers', 'indicators.min_cell') }}
        as frequencies,
    context.as_of
from indicators
cross join {{ ref('int_build__context_stated') }} as context
