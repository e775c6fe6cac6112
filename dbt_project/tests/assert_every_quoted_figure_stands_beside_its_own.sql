{{ config(meta={'requirements': [
    'ECON-01', 'ECON-02', 'ECON-03', 'ECON-04', 'ECON-05', 'ECON-06', 'ECON-07', 'ECON-08',
    'ECON-09', 'ECON-19', 'ECON-20', 'MKT-01', 'MKT-04', 'MKT-08', 'MKT-26',
]}) }}

{% set quoted = [
    ('econ_01_attrition', '0.25', '0.85'),
    ('econ_02_regulars', '0.25', '0.25'),
    ('econ_03_repeat', '0.20', '0.85'),
    ('econ_03_repeat_variant', '0.20', '0.35'),
    ('econ_04_top_share', '0.80', '0.80'),
    ('econ_05_new_to_kept', '6', '6'),
    ('econ_06_past_buyers', '0.50', '0.50'),
    ('econ_07_replace_best', '7', '10'),
    ('econ_08_best_spend', '3500', '3500'),
    ('econ_08_ordinary_spend', '275', '275'),
    ('econ_08_needed', '13', '13'),
    ('econ_09_referred', '0.20', '0.40'),
    ('econ_19_clv_of_loyal', '1.20', 'null'),
    ('econ_20_growth', '2', '2'),
    ('econ_20_attrition', '0.5', '0.5'),
    ('mkt_01_coverage_change', '0.32', '0.32'),
    ('mkt_03_strong_share', '1.20', 'null'),
    ('mkt_04_conversion_elasticity', '2.0', '2.0'),
    ('mkt_08_market_size', '40000000000000', '40000000000000'),
    ('mkt_08_market_growth', '0.05', '0.05'),
    ('mkt_26_big_data', '0.83', '0.83'),
    ('mkt_26_crm', '0.80', 'null'),
] %}

-- As the sources say them, each with its quality, and a figure of our own or the reason for none.
select
    quoted.code,
    told.verdict
from (
    {% for code, low, high in quoted %}
    select
        '{{ code }}' as code,
        cast({{ low }} as decimal(18, 4)) as low,
        cast({{ high }} as decimal(18, 4)) as high
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
) as quoted
left join {{ ref('rpt_quoted_economics') }} as told on quoted.code = told.code
where
    told.code is null
    or told.quoted_low <> quoted.low
    or coalesce(told.quoted_high, -1) <> coalesce(quoted.high, -1)
    or coalesce(told.quality, '') not in ('unverified', 'inconsistent')
    or told.reading is null
    or told.seed_ref is null
    or (told.measured_value is null) <> (told.verdict = 'no data')
    or (told.measured_value is null) <> (told.reason is not null)
    or (told.measured_value is not null and told.n is null)
