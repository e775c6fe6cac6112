with periods as (
    select
        'wave' as period_type,
        wave_id as period,
        weight,
        recommendation
    from {{ ref('int_surveys__recommendations_classed') }}
    union all
    select
        'year' as period_type,
        cast(calendar_year as varchar) as period,
        weight,
        recommendation
    from {{ ref('int_surveys__recommendations_classed') }}
),

counted as (
    select
        period_type,
        period,
        count(*) as answers,
        count(case when recommendation = 'promoter' then 1 end) as promoters,
        count(case when recommendation = 'passive' then 1 end) as passives,
        count(case when recommendation = 'detractor' then 1 end) as detractors,
        sum(weight) as weights,
        sum(
            case recommendation when 'promoter' then weight when 'detractor' then -weight else 0 end
        )
            as weighted_balance
    from periods
    group by period_type, period
),

limits as (
    select
        context.as_of,
        max(case when rules.code = 'nps_margin_z' then rules.value_number end) as margin_z,
        max(case when rules.code = 'anonymity_min_cell' then rules.value_number end) as min_cell
    from {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_parameters__periods_dated') }} as rules
        on context.as_of >= rules.valid_from and context.as_of < rules.valid_before
    group by context.as_of
),

shown as (
    select
        counted.*,
        limits.as_of,
        cast(limits.margin_z as double) as margin_z,
        limits.min_cell,
        counted.answers >= limits.min_cell as is_shown,
        cast(counted.promoters as double) / counted.answers as promoter_share,
        cast(counted.detractors as double) / counted.answers as detractor_share
    from counted
    cross join limits
)

select
    period_type,
    period,
    case
        when is_shown then cast(answers as varchar)
        else '<' || cast(cast(min_cell as integer) as varchar)
    end as n_label,
    cast(case when is_shown then answers end as integer) as n,
    cast(case when is_shown then promoters end as integer) as promoters,
    cast(case when is_shown then passives end as integer) as passives,
    cast(case when is_shown then detractors end as integer) as detractors,
    case when is_shown then 100 * cast(promoters - detractors as double) / answers end as nps,
    case
        when is_shown
            then 100 * cast(weighted_balance as double) / nullif(cast(weights as double), 0)
    end as nps_weighted,
    case
        when is_shown
            then
                100 * margin_z * sqrt(
                    (
                        promoter_share + detractor_share
                        - (promoter_share - detractor_share) * (promoter_share - detractor_share)
                    ) / answers
                )
    end as margin_of_error,
    as_of
from shown
