-- A flow of a period is what is told of the period itself, else the sum of its quarters, else of
-- its months, if all of them are there; a level is that of the last of them. Stores and items add
-- up.
{% set blocks = {
    'cost_of_goods': 'cost',
    'service_cost': 'cost',
    'staff_cost': 'cost',
    'rent': 'cost',
    'other_cost': 'cost',
    'stock_value': 'stock',
    'cash_in': 'cash_flow',
    'cash_out': 'cash_flow',
    'receivables': 'receivables',
} %}

with told as (
    select
        case finance.account
            {% for account, block in blocks.items() %}
            when '{{ account }}' then '{{ block }}'
            {% endfor %}
        end as block,
        finance.period_kind,
        finance.period,
        case finance.period_kind
            when 'month' then {{ add_months('finance.period', 1) }}
            when 'quarter' then {{ add_months('finance.period', 3) }}
            else {{ add_months('finance.period', 12) }}
        end as period_before,
        case finance.period_kind when 'month' then 1 when 'quarter' then 3 else 12 end as months,
        case when finance.account = 'cash_out' then -finance.amount else finance.amount end
            as amount
    from {{ ref('stg_reference__finance') }} as finance
    inner join {{ ref('int_build__context_stated') }} as context
        on finance.currency = context.chain_currency
    where finance.account not in ('stock_quantity', 'payables')
),

cells as (
    select
        block,
        period_kind,
        months,
        period,
        period_before,
        sum(amount) as amount
    from told
    group by block, period_kind, months, period, period_before
),

fitted as (
    select
        periods.period_kind,
        periods.period_start,
        cells.block,
        cells.months,
        case
            when cells.block in ('stock', 'receivables')
                then
                    max(
                        case
                            when {{ add_days('cells.period_before', -1) }} = periods.period_end
                                then cells.amount
                        end
                    )
            when
                cells.months * count(*)
                = {{ months_between('periods.period_start', add_days('periods.period_end', 1)) }}
                then sum(cells.amount)
        end as amount
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join cells
        on
            periods.period_start <= cells.period
            and {{ add_days('periods.period_end', 1) }} >= cells.period_before
    group by
        periods.period_kind, periods.period_start, periods.period_end, cells.block, cells.months
),

ranked as (
    select
        *,
        row_number() over (
            partition by period_kind, period_start, block
            order by months desc
        ) as place
    from fitted
    where amount is not null
)

select
    period_kind,
    period_start,
    block,
    cast(amount as decimal(18, 2)) as amount
from ranked
where place = 1
