-- Each KPI has its one definition here or, where a mart has it already, in mart_kpi_scorecard. A
-- denominator of 0 leaves no value and says so.
with sales as (
    select
        measured.period_kind,
        measured.period_start,
        cast(measured.net_sales as double) as net_sales,
        cast(measured.identified_sales as double) as identified_sales,
        cast(measured.new_product_sales as double) as new_product_sales,
        cast(measured.dated_sales as double) as dated_sales,
        case
            when measured.costed_sales >= rules.costed_share_min * measured.net_sales
                then cast(measured.margin as double)
        end as margin,
        balance.new_customers,
        balance.regained_customers,
        -- Where nobody was ever known, nobody can be counted.
        balance.opening_customers + balance.new_customers + balance.regained_customers > 0
            as has_customers,
        balance.closing_customers,
        split.buyers,
        cast(spend.acquisition_spend as double) as acquisition_spend,
        cast(spend.marketing_spend as double) as marketing_spend,
        contacts.contacts,
        contacts.months,
        training.passed,
        training.judged
    from {{ ref('int_performance__sales_measured') }} as measured
    cross join {{ ref('int_performance__rules_dated') }} as rules
    {% for model, alias in [
        ('customers_balanced', 'balance'),
        ('growth_split', 'split'),
        ('spend_measured', 'spend'),
        ('contacts_counted', 'contacts'),
        ('training_judged', 'training'),
    ] %}
    left join {{ ref('int_performance__' ~ model) }} as {{ alias }}
        on
            measured.period_kind = {{ alias }}.period_kind
            and measured.period_start = {{ alias }}.period_start
    {% endfor %}
),

{% set nobody = "case when not has_customers then 'no known customers' end" %}
{% set no_spend = "'missing for the period or a part of it: ref_spend'" %}
{% set measures = [
    ('net_sales', 'net_sales', 'null'),
    ('acquisition_cost', 'acquisition_spend / nullif(new_customers, 0)',
        "case when acquisition_spend is null then " ~ no_spend ~ "
            when new_customers = 0 then 'no new customers' end"),
    ('cost_benefit_ratio', 'margin / nullif(marketing_spend, 0)',
        "case when marketing_spend is null then " ~ no_spend ~ "
            when marketing_spend = 0 then 'spend is 0'
            when net_sales is not null and margin is null then 'too few products with unit_cost'
        end"),
    ('contact_frequency', 'cast(contacts as double) / months / nullif(closing_customers, 0)',
        "case when closing_customers = 0 then 'no active customers' end"),
    ('new_customers', 'case when has_customers then new_customers end', nobody),
    ('regained_customers', 'case when has_customers then regained_customers end', nobody),
    ('sales_per_customer', 'identified_sales / nullif(buyers, 0)',
        "case when coalesce(buyers, 0) = 0 then 'no known customer bought' end"),
    ('new_product_share',
        'case when dated_sales > 0 then coalesce(new_product_sales, 0) / dated_sales end',
        "case when net_sales is not null and dated_sales is null
            then 'no product with sold_from_date' end"),
    ('training_pass_rate', 'cast(passed as double) / nullif(judged, 0)', 'null'),
] %}

measured as (
    {% for kpi, value, reason in measures %}
    select
        '{{ kpi }}' as kpi,
        period_kind,
        period_start,
        cast({{ value }} as double) as kpi_value,
        cast(null as double) as benchmark,
        {{ reason }} as missing_reason
    from sales
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    kpi,
    period_kind,
    period_start,
    kpi_value,
    benchmark,
    missing_reason
from measured
union all
select
    kpi,
    period_kind,
    period_start,
    kpi_value,
    benchmark,
    null as missing_reason
from {{ ref('int_performance__market_measured') }}
union all
select
    kpi,
    period_kind,
    period_start,
    kpi_value,
    null as benchmark,
    null as missing_reason
from {{ ref('int_performance__brand_measured') }}
