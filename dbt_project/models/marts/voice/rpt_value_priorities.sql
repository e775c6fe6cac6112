-- Ranked by importance alone; performance, gap and spend stand beside it.
with shares as (
    select
        rated.element,
        rated.element_class,
        rated.name_zh,
        rated.calendar_year,
        rated.importance,
        rated.performance,
        rated.importance
        / cast(
            sum(cast(rated.importance as decimal(18, 9))) over (partition by rated.calendar_year)
            as double
        ) as importance_share,
        case
            when rated.importance is not null
                then
                    row_number() over (
                        partition by rated.calendar_year
                        order by rated.importance desc nulls last, rated.position_no asc
                    )
        end as priority,
        spend.amount,
        cast(spend.amount as double)
        / nullif(
            cast(sum(spend.amount) over (partition by rated.calendar_year) as double), 0
        ) as spend_share,
        count(spend.amount) over (partition by rated.calendar_year) as elements_with_spend
    from {{ ref('int_value__years_rated') }} as rated
    left join {{ ref('int_value__spend_summarised') }} as spend
        on
            rated.element = spend.value_element
            and rated.calendar_year = spend.calendar_year
)

select
    shares.element,
    shares.element_class,
    shares.name_zh as element_zh,
    shares.calendar_year as year,
    cast(shares.priority as integer) as priority,
    shares.importance,
    shares.performance,
    shares.importance_share,
    case
        when shares.elements_with_spend > 0 then cast(coalesce(shares.amount, 0) as decimal(18, 2))
    end as marketing_spend,
    case when shares.elements_with_spend > 0 then coalesce(shares.spend_share, 0) end
        as spend_share,
    case
        when shares.elements_with_spend > 0
            then coalesce(shares.spend_share, 0) - shares.importance_share
    end as spend_surplus_share,
    context.chain_currency as currency,
    context.as_of
from shares
cross join {{ ref('int_build__context_stated') }} as context
