-- What a version tells of each closed period, so that the next ones can be held against it. A
-- forecast tells of as_of and of no period, so it cannot be restated.
{% set totals = [
    ('opening_customers', 'Customers at the start', '期初客户'),
    ('lost_customers', 'Customers lost', '流失客户'),
    ('closing_customers', 'Customers at the end', '期末客户'),
] %}

select
    scorecard.kpi as figure,
    scorecard.name_en,
    scorecard.name_zh,
    scorecard.unit,
    scorecard.period_kind,
    scorecard.period_start,
    scorecard.period_end,
    cast(scorecard.value as decimal(28, 9)) as figure_value,
    scorecard.as_of
from {{ ref('mart_kpi_scorecard') }} as scorecard
where scorecard.kpi <> 'clv_profit_forward_mean'
union all
{% for figure, name_en, name_zh in totals %}
select
    '{{ figure }}' as figure,
    '{{ name_en }}' as name_en,
    '{{ name_zh }}' as name_zh,
    'customers' as unit,
    period_kind,
    period_start,
    period_end,
    cast({{ figure }} as decimal(28, 9)) as figure_value,
    as_of
from {{ ref('rpt_growth') }}
union all
{% endfor %}
select
    'identified_sales' as figure,
    'Sales to known customers' as name_en,
    '会员销售额' as name_zh,
    context.chain_currency as unit,
    sales.period_kind,
    sales.period_start,
    sales.period_end,
    cast(sales.identified_sales as decimal(28, 9)) as figure_value,
    context.as_of
from {{ ref('int_performance__sales_measured') }} as sales
cross join {{ ref('int_build__context_stated') }} as context
union all
select
    'complaints' as figure,
    'Complaints received' as name_en,
    '投诉件数' as name_zh,
    'complaints' as unit,
    periods.period_kind,
    periods.period_start,
    periods.period_end,
    cast(count(complaints.complaint_id) as decimal(28, 9)) as figure_value,
    context.as_of
from {{ ref('int_retention__periods_listed') }} as periods
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('fct_complaint') }} as complaints
    on
        periods.period_start <= complaints.received_date
        and periods.period_end >= complaints.received_date
group by
    periods.period_kind, periods.period_start, periods.period_end, context.as_of
