-- The marketing spend of a period is known when figures reach its end and none lies across its
-- edges: a quarter's figure tells nothing of its months.
with items as (
    select
        spend.purpose,
        spend.amount,
        spend.period as period_from,
        case spend.period_kind
            when 'month' then {{ add_months('spend.period', 1) }}
            when 'quarter' then {{ add_months('spend.period', 3) }}
            else {{ add_months('spend.period', 12) }}
        end as period_before
    from {{ ref('stg_reference__spend') }} as spend
    inner join {{ ref('int_build__context_stated') }} as context
        on spend.currency = context.chain_currency
    where
        spend.scenario = 'actual'
        and spend.purpose in ('acquisition', 'retention', 'win_back', 'brand')
),

reach as (
    select max(period_before) as known_before from items
),

summed as (
    select
        periods.period_kind,
        periods.period_start,
        sum(case when items.purpose = 'acquisition' then items.amount end) as acquisition_spend,
        sum(items.amount) as marketing_spend,
        max(
            case
                when
                    items.period_from < periods.period_start
                    or {{ add_days('items.period_before', -1) }} > periods.period_end
                    then 1
                else 0
            end
        ) as is_crossed
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join items
        on
            periods.period_end >= items.period_from
            and periods.period_start < items.period_before
    cross join reach
    where reach.known_before > periods.period_end
    group by periods.period_kind, periods.period_start
)

select
    period_kind,
    period_start,
    cast(acquisition_spend as decimal(18, 2)) as acquisition_spend,
    cast(marketing_spend as decimal(18, 2)) as marketing_spend
from summed
where is_crossed = 0
