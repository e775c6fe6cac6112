with judged as (
    select
        cells.*,
        rules.as_of,
        cast(rules.nps_margin_z as double) as margin_z,
        rules.nps_min_n
    from {{ ref('int_surveys__cells_counted') }} as cells
    cross join {{ ref('int_surveys__rules_dated') }} as rules
    where cells.dimension = 'recommend'
)

select
    period_type,
    period,
    breakdown,
    breakdown_value,
    case
        when not is_shown and respondents >= min_cell then 'hidden'
        else {{ answers_label('answers', 'min_cell') }}
    end as n_label,
    cast(case when is_shown then answers end as integer) as n,
    case
        when not is_shown then 'suppressed'
        when answers < nps_min_n then 'too few'
        else 'ok'
    end as n_status,
    cast(case when is_shown then promoters end as integer) as promoters,
    cast(case when is_shown then passives end as integer) as passives,
    cast(case when is_shown then detractors end as integer) as detractors,
    case when is_shown then 100 * cast(promoters - detractors as double) / answers end as nps,
    case
        when is_shown
            then 100 * cast(weighted_balance as double) / nullif(cast(weight_sum as double), 0)
    end as nps_weighted,
    case
        when is_shown
            then
                100
                * {{ share_difference_margin('promoters', 'detractors', 'answers', 'margin_z') }}
    end as margin_of_error,
    as_of
from judged
