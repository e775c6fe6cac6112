{# Code of the quoted figure, source of our own, its value, the number behind it, why it is null. #}
{% set figures = [
    ('econ_01_attrition', 'kept', 'profit_uplift_5', 'retention_base', 'retention_reason'),
    ('econ_02_regulars', 'kept', 'profit_uplift_5_regulars', 'regulars', 'profit_reason'),
    ('econ_03_repeat', 'kept', 'repeat_profit_premium', 'regulars', 'profit_reason'),
    ('econ_03_repeat_variant', 'kept', 'repeat_profit_premium', 'regulars', 'profit_reason'),
    ('econ_04_top_share', 'kept', 'top_spend_share', 'customers', 'cast(null as string)'),
    ('econ_05_new_to_kept', 'kept', 'new_to_kept_ratio', 'retention_base', 'effort_reason'),
    ('econ_07_replace_best', 'kept', 'replace_best_ratio', 'retention_base', 'effort_reason'),
    ('econ_06_past_buyers', 'offered', 'success_rate', 'offers', "'nobody was made an offer'"),
    ('econ_08_needed', 'replaced', 'cast(ordinary_needed_to_replace_one as double)', 'customers',
     'reason'),
    ('econ_09_referred', 'referred', 'referred_share', 'new_customers', "'nobody was new'"),
    ('econ_19_clv_of_loyal', 'outside', 'clv_ratio', 'valued', 'clv_reason'),
    ('econ_20_growth', 'outside', 'growth_ratio', 'growth_years', 'growth_reason'),
    ('econ_20_attrition', 'outside', 'churn_ratio', 'churn_base', 'churn_reason'),
    ('mkt_03_strong_share', 'shares', 'share_to_average', 'rivals', 'reason'),
] %}

-- Of each figure the newest closed year that has one; nothing is put in where nothing is known.
with kept as (
    select *
    from {{ ref('mart_retention_economics') }}
    where is_closed
),

offered as (
    select
        cast(extract(year from as_of) as integer) as year,
        success_rate,
        offers
    from {{ ref('rpt_offer_success') }}
    where offered_to = 'past buyers'
),

replaced as (
    select needs.*
    from {{ ref('rpt_replacement_need') }} as needs
    inner join kept on needs.year = kept.year
    where needs.tier = 'A'
),

referred as (
    select words.*
    from {{ ref('rpt_word_of_mouth') }} as words
    inner join kept on words.year = kept.year
),

grown as (
    select
        calendar_year,
        cast(total_net_amount as double)
        / nullif(
            case
                when lag(calendar_year) over (order by calendar_year asc) = calendar_year - 1
                    then cast(lag(total_net_amount) over (order by calendar_year asc) as double)
            end, 0
        ) - 1 as growth
    from {{ ref('int_sales__coverage_measured') }}
),

lost as (
    select
        cast(extract(year from period_start) as integer) as year,
        base,
        churn_rate
    from {{ ref('mart_churn_rate') }}
    where period_kind = 'year' and dimension = 'all'
),

valued as (
    select
        cast(sum(clv_profit_forward) as double) / nullif(count(clv_profit_forward), 0) as clv_mean,
        count(clv_profit_forward) as valued
    from {{ ref('mart_clv') }}
),

outside as (
    select
        kept.year,
        valued.clv_mean / nullif(industry.clv, 0) as clv_ratio,
        valued.valued,
        case
            when industry.clv is null then 'no lifetime value of the industry'
            when valued.clv_mean is null then 'no lifetime value of our own'
        end as clv_reason,
        case when industry.growth > 0 then grown.growth / industry.growth end as growth_ratio,
        2 as growth_years,
        case
            when industry.growth is null then 'no growth of the industry'
            when industry.growth <= 0 then 'the industry does not grow'
            when grown.growth is null then 'no sales in the year before'
        end as growth_reason,
        lost.churn_rate / nullif(industry.churn, 0) as churn_ratio,
        lost.base as churn_base,
        case
            when industry.churn is null then 'no attrition of the industry'
            when lost.churn_rate is null then 'nobody could be lost'
        end as churn_reason
    from kept
    cross join valued
    left join grown on kept.year = grown.calendar_year
    left join lost on kept.year = lost.year
    left join {{ ref('int_economics__industry_stated') }} as industry
        on kept.year = industry.calendar_year
),

shares as (
    select
        cast(extract(year from period) as integer) as year,
        share_to_average,
        rivals,
        case
            when our_share is null then 'no share is known'
            when average_share is null then 'no average share is known'
        end as reason,
        row_number() over (order by period desc, period_kind asc, source_name asc) as place
    from {{ ref('mart_market') }}
    where
        is_preferred
        and topic = 'figures'
        and region = 'all'
        and product_line = 'all'
        and share_to_average is not null
),

measured as (
    {% for code, source, value, n, reason in figures %}
    select
        '{{ code }}' as code,
        year,
        {{ value }} as measured_value,
        cast({{ n }} as integer) as n,
        {{ reason }} as reason
    from {{ source }}
    {% if source == 'shares' %}
    where place = 1
    {% endif %}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

ranked as (
    select
        *,
        row_number() over (
            partition by code
            order by case when measured_value is null then 1 else 0 end asc, year desc
        ) as place
    from measured
)

select
    benchmarks.code,
    upper(
        {{ text_part('benchmarks.code', '_', 1) }}
        || '-'
        || {{ text_part('benchmarks.code', '_', 2) }}
    ) as requirement_id,
    benchmarks.low as quoted_low,
    benchmarks.high as quoted_high,
    benchmarks.unit,
    benchmarks.quality,
    benchmarks.seed_ref,
    benchmarks.reading,
    cast(case when ranked.measured_value is not null then ranked.year end as integer) as year,
    round(ranked.measured_value, 9) as measured_value,
    case when ranked.measured_value is not null then ranked.n end as n,
    case
        when ranked.measured_value is null then 'no data'
        when round(ranked.measured_value, 9) < benchmarks.low then 'below'
        when round(ranked.measured_value, 9) > benchmarks.high then 'above'
        else 'inside'
    end as verdict,
    case
        when ranked.measured_value is null
            then coalesce(benchmarks.unmeasured_reason, ranked.reason, 'no closed year has it')
    end as reason,
    coverage.coverage_pct,
    context.as_of
from {{ ref('int_economics__benchmarks_quoted') }} as benchmarks
cross join {{ ref('int_build__context_stated') }} as context
left join ranked on benchmarks.code = ranked.code and ranked.place = 1
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on ranked.year = coverage.calendar_year and ranked.measured_value is not null
