-- Five blocks in every closed period, each with its amount or the reason why there is none.
{% set blocks = [
    ('sales', '销售', 'pos_sales'), ('cost', '成本', 'ref_finance'), ('stock', '库存', 'ref_finance'),
    ('cash_flow', '现金流', 'ref_finance'), ('receivables', '应收账款', 'ref_finance'),
] %}

with days as (
    select
        business_date,
        sum(net_amount_chain) as amount
    from {{ ref('fct_sales') }}
    group by business_date
),

sold as (
    select
        periods.period_kind,
        periods.period_start,
        sum(days.amount) as amount
    from {{ ref('int_retention__periods_listed') }} as periods
    inner join days
        on periods.period_start <= days.business_date and periods.period_end >= days.business_date
    group by periods.period_kind, periods.period_start
),

amounts as (
    select
        period_kind,
        period_start,
        'sales' as block,
        amount
    from sold
    union all
    select
        period_kind,
        period_start,
        block,
        amount
    from {{ ref('int_performance__finance_summarised') }}
)

select
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    cast(blocks.block_no as integer) as block_no,
    blocks.block,
    blocks.block_zh,
    cast(amounts.amount as decimal(18, 2)) as amount,
    context.chain_currency as currency,
    blocks.feed,
    case
        when amounts.amount is not null then null
        when not delivered.is_delivered then 'never delivered: ' || blocks.feed
        else 'missing for the period or a part of it: ' || blocks.feed
    end as no_data_reason,
    context.as_of
from {{ ref('int_retention__periods_listed') }} as periods
cross join (
    {% for block, zh, feed in blocks %}
    select
        {{ loop.index }} as block_no,
        '{{ block }}' as block,
        '{{ zh }}' as block_zh,
        '{{ feed }}' as feed
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
) as blocks
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as delivered on blocks.feed = delivered.feed
left join amounts
    on
        periods.period_kind = amounts.period_kind
        and periods.period_start = amounts.period_start
        and blocks.block = amounts.block
