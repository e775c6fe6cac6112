-- Three falls need four months one after another; with one missing nobody can tell.
with shares as (
    select
        ranked.region,
        ranked.product_line,
        ranked.period,
        case
            when ranked.published_date > {{ add_days(add_months('ranked.period', 1), -1) }}
                then ranked.published_date
            else {{ add_days(add_months('ranked.period', 1), -1) }}
        end as known_date,
        cast(ranked.our_sales as double) / nullif(cast(ranked.industry_sales as double), 0) as share
    from {{ ref('int_market__sources_ranked') }} as ranked
    where
        ranked.source_place = 1
        and ranked.period_kind = 'month'
        and ranked.topic = 'figures'
),

followed as (
    select
        shares.*,
        {% for back in [1, 2, 3] %}
        lag(shares.share, {{ back }}) over (
            partition by shares.region, shares.product_line order by shares.period asc
        ) as share_{{ back }}_before,
        {% endfor %}
        lag(shares.period, 3) over (
            partition by shares.region, shares.product_line order by shares.period asc
        ) as period_3_before
    from shares
    inner join {{ ref('int_build__context_stated') }} as context
        on shares.known_date <= context.as_of
),

measured as (
    select
        *,
        share < share_1_before
        and share_1_before < share_2_before
        and share_2_before < share_3_before as is_falling,
        1 - share / nullif(share_3_before, 0) as relative_fall,
        share_3_before - share as points_fall,
        least(
            1 - share / nullif(share_1_before, 0),
            1 - share_1_before / nullif(share_2_before, 0),
            1 - share_2_before / nullif(share_3_before, 0)
        ) as smallest_fall,
        coalesce(
            {{ add_months('period_3_before', 3) }} = period
            and share * share_1_before * share_2_before * share_3_before is not null, false
        ) as is_sufficient
    from followed
)

select
    measured.region,
    measured.product_line,
    measured.period,
    measured.known_date,
    measured.share,
    measured.relative_fall,
    limits.value_number as threshold,
    case
        when not measured.is_sufficient then 'insufficient'
        when
            measured.is_falling
            and round(
                case modes.value_text
                    when 'each_month' then measured.smallest_fall
                    when 'points' then measured.points_fall
                    else measured.relative_fall
                end, 9
            ) >= limits.value_number then 'falling'
        else 'not falling'
    end as status
from measured
left join {{ ref('int_parameters__periods_dated') }} as limits
    on
        limits.code = 'share_drop_min'
        and measured.known_date >= limits.valid_from
        and measured.known_date < limits.valid_before
left join {{ ref('int_parameters__periods_dated') }} as modes
    on
        modes.code = 'share_drop_mode'
        and measured.known_date >= modes.valid_from
        and measured.known_date < modes.valid_before
