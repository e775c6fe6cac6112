-- Message, benefit and service as customers of the stores judge them; a store whose cell is too
-- small to be shown takes no part. Sums are exact, whatever the order of the rows.
with shown as (
    select
        period as year,
        dimension,
        breakdown_value as store_id,
        csat_mean_100 as score_100,
        cast(csat_mean_100 as decimal(18, 9)) as exact_score
    from {{ ref('mart_satisfaction') }}
    where
        period_type = 'year'
        and breakdown = 'store'
        and dimension in ('communication', 'marketing', 'service')
        and csat_mean_100 is not null
),

means as (
    select
        *,
        count(*) over (partition by year, dimension) as stores,
        cast(sum(exact_score) over (partition by year, dimension) as double)
        / count(*) over (partition by year, dimension) as mean_100
    from shown
),

scores as (
    select
        *,
        case
            when stores > 1
                then
                    sqrt(
                        cast(
                            sum(
                                cast(
                                    (score_100 - mean_100) * (score_100 - mean_100)
                                    as decimal(18, 9)
                                )
                            ) over (partition by year, dimension) as double
                        ) / (stores - 1)
                    )
        end as spread_sd
    from means
)

select
    cast(scores.year as integer) as year,
    scores.dimension,
    case scores.dimension
        when 'communication' then '信息'
        when 'marketing' then '利益'
        else '服务'
    end as aspect_zh,
    scores.store_id,
    scores.score_100,
    cast(scores.stores as integer) as stores,
    scores.mean_100,
    scores.spread_sd,
    (scores.score_100 - scores.mean_100) / nullif(scores.spread_sd, 0) as deviation_sd,
    case
        when scores.stores < 2 then 'no data: one store'
        when
            abs(scores.score_100 - scores.mean_100)
            > rules.consistency_max_sd * scores.spread_sd
            then 'beyond'
        else 'within'
    end as finding,
    rules.as_of
from scores
cross join {{ ref('int_service__rules_dated') }} as rules
