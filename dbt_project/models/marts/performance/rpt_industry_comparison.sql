-- Each figure of our own beside the industry's of the same year; two units make no ratio.
{% set money = "case when industry.other_currency is not null and industry.{} is null
            then industry.other_currency else context.chain_currency end" %}
{% set compared = [
    ('acquisition_cost', 'industry.cac', money.format('cac')),
    ('clv_profit_forward_mean', 'industry.clv', money.format('clv')),
    ('churn_rate', 'industry.churn', "'share'"),
    ('market_share', 'scorecard.benchmark', "'share'"),
] %}

with paired as (
    {% for kpi, figure, unit in compared %}
    select
        scorecard.kpi,
        scorecard.name_en,
        scorecard.name_zh,
        scorecard.period_start,
        scorecard.value as own_value,
        scorecard.unit as own_unit,
        {{ figure }} as industry_value,
        {{ unit }} as industry_unit,
        scorecard.no_data_reason,
        scorecard.coverage_pct,
        context.as_of
    from {{ ref('mart_kpi_scorecard') }} as scorecard
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_economics__industry_stated') }} as industry
        on extract(year from scorecard.period_start) = industry.calendar_year
    where scorecard.period_kind = 'year' and scorecard.kpi = '{{ kpi }}'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    kpi,
    name_en,
    name_zh,
    cast(extract(year from period_start) as integer) as year,
    own_value,
    own_unit,
    industry_value,
    industry_unit,
    case when own_unit = industry_unit then round(own_value / nullif(industry_value, 0), 9) end
        as ratio_to_industry,
    case
        when own_unit <> industry_unit then 'units differ'
        when own_value is null or industry_value is null then 'no data'
        when industry_value = 0 then 'industry at 0'
        else 'compared'
    end as status,
    case
        when own_unit <> industry_unit then own_unit || ' against ' || industry_unit
        when own_value is null then no_data_reason
        when industry_value is null then 'no figure of the industry'
    end as reason,
    coverage_pct,
    as_of
from paired
