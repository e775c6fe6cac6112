{{ config(meta={'requirements': ['ECON-21']}) }}

{% set quoted = [
    ('econ_21_retention', '0.30'),
    ('econ_21_satisfaction', '0.20'),
    ('econ_21_efficiency', '0.40'),
    ('econ_21_satisfaction_system', '0.25'),
    ('econ_21_churn_system', '-0.18'),
    ('econ_21_satisfaction_appliances', '0.25'),
    ('econ_21_churn_appliances', '-0.18'),
    ('econ_21_competitiveness', '0.10'),
    ('econ_21_loyalty', '0.15'),
    ('econ_21_integration', 'null'),
    ('econ_21_satisfaction_goal', 'null'),
    ('econ_21_sales_share', 'null'),
    ('econ_21_cost', 'null'),
    ('econ_21_efficiency_goal', 'null'),
] %}

-- As the sources say them; the time before ends before the day, the time after begins after it.
select
    quoted.code,
    told.status
from (
    {% for code, change in quoted %}
    select '{{ code }}' as code, cast({{ change }} as decimal(18, 4)) as claimed_change
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
) as quoted
left join {{ ref('rpt_crm_benefits') }} as told on quoted.code = told.code
where
    told.code is null
    or coalesce(told.claimed_change, 0) <> coalesce(quoted.claimed_change, 0)
    or told.quality not in ('unverified', 'stated')
    or told.before_end >= told.live_date
    or told.after_start <= told.live_date
    or (told.measured_change is null) <> (told.reason is not null)
