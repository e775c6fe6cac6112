{% set segments = [
    ('all', "'all'"),
    ('tier', "coalesce(shares.tier, 'UNRATED')"),
    ('stage4', "coalesce(shares.stage4, 'none')"),
] %}

-- Sums over sums: the mean of shares would let who spends little weigh as much as who spends much.
-- An answer that contradicts the sales is counted and left out.
with market as (
    select
        our_share,
        period,
        row_number() over (
            order by period desc, case period_kind when 'year' then 0 else 1 end asc
        ) as place
    from {{ ref('mart_market') }}
    where
        is_preferred
        and topic = 'figures'
        and region = 'all'
        and product_line = 'all'
        and our_share is not null
),

answers as (
    {% for kind, segment in segments %}
    select
        '{{ kind }}' as segment_kind,
        {{ segment }} as segment,
        shares.own_spend,
        shares.category_spend,
        shares.mind_share_100,
        shares.category_spend is not null
        and not (
            coalesce(shares.is_inconsistent, false)
            or shares.own_spend < 0
            or shares.category_spend <= 0
        ) as is_consistent
    from {{ ref('mart_wallet_share') }} as shares
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

summed as (
    select
        segment_kind,
        segment,
        count(category_spend) as answers,
        count(case when is_consistent then 1 end) as consistent_answers,
        sum(case when is_consistent then own_spend end) as own_spend,
        sum(case when is_consistent then category_spend end) as category_spend,
        count(mind_share_100) as mind_answers,
        round(sum(mind_share_100) / 100 / nullif(count(mind_share_100), 0), 9) as mind_share
    from answers
    group by segment_kind, segment
),

-- The whole is there even where nobody was asked.
wholes as (
    select
        'all' as segment_kind,
        'all' as segment
),

filled as (
    select
        wholes.segment_kind,
        wholes.segment,
        summed.answers,
        summed.consistent_answers,
        summed.own_spend,
        summed.category_spend,
        summed.mind_answers,
        summed.mind_share
    from wholes
    left join summed
        on wholes.segment_kind = summed.segment_kind and wholes.segment = summed.segment
    union all
    select
        segment_kind,
        segment,
        answers,
        consistent_answers,
        own_spend,
        category_spend,
        mind_answers,
        mind_share
    from summed
    where segment_kind <> 'all'
)

select
    filled.segment_kind,
    filled.segment,
    cast(coalesce(filled.answers, 0) as integer) as answers,
    cast(coalesce(filled.answers - filled.consistent_answers, 0) as integer)
        as inconsistent_answers,
    case
        when filled.consistent_answers >= cells.value_number
            then cast(filled.own_spend as double) / cast(filled.category_spend as double)
    end as customer_share,
    case when filled.mind_answers >= cells.value_number then filled.mind_share end as mind_share,
    case when filled.segment_kind = 'all' then market.our_share end as market_share,
    case when filled.segment_kind = 'all' then market.period end as market_share_period,
    case
        when coalesce(filled.answers, 0) = 0 then 'CATEGORY_SPEND was not asked'
        when filled.consistent_answers < cells.value_number then 'too few answers'
    end as reason,
    context.as_of
from filled
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_parameters__periods_dated') }} as cells
    on
        cells.code = 'anonymity_min_cell'
        and context.as_of >= cells.valid_from
        and context.as_of < cells.valid_before
left join market on market.place = 1
