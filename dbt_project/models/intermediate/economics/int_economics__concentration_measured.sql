-- Of a fifth that is no whole number the next one up is taken; ties by customer id. The Gini
-- coefficient is 0 where all spend alike and near 1 where one spends all.
with ranked as (
    select
        calendar_year,
        net_spend,
        count(*) over (partition by calendar_year) as n,
        sum(net_spend) over (partition by calendar_year) as total,
        row_number() over (
            partition by calendar_year
            order by net_spend desc, customer_id asc
        ) as place,
        coalesce(
            sum(net_spend) over (
                partition by calendar_year
                order by net_spend desc, customer_id asc
                rows between unbounded preceding and 1 preceding
            ), 0
        ) as spend_ahead
    from {{ ref('int_economics__customers_measured') }}
    where net_spend is not null
)

select
    ranked.calendar_year,
    cast(max(ranked.n) as integer) as customers,
    cast(
        sum(
            case
                when ranked.place <= ceil(ranked.n * rules.concentration_top_share)
                    then ranked.net_spend
            end
        ) as double
    ) / nullif(cast(max(ranked.total) as double), 0) as top_spend_share,
    cast(
        count(
            case
                when ranked.spend_ahead < ranked.total * rules.concentration_sales_share then 1
            end
        ) as double
    ) / case when max(ranked.total) > 0 then max(ranked.n) end as buyers_of_most_sales_share,
    cast(sum((ranked.n + 1 - 2 * ranked.place) * ranked.net_spend) as double)
    / nullif(max(ranked.n) * cast(max(ranked.total) as double), 0) as gini
from ranked
cross join {{ ref('int_economics__rules_dated') }} as rules
group by ranked.calendar_year
