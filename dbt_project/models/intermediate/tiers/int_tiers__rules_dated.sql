-- Read by many models, so worked out once a build.
{{ config(materialized='table') }}

{% set codes = [
    ('tier_a_min', 'value_number', 'a_min'),
    ('tier_a_min_inclusive', 'value_flag', 'is_a_min_inclusive'),
    ('tier_b_min', 'value_number', 'b_min'),
    ('tier_b_min_inclusive', 'value_flag', 'is_b_min_inclusive'),
    ('tier_b_max', 'value_number', 'b_max'),
    ('tier_b_max_inclusive', 'value_flag', 'is_b_max_inclusive'),
    ('tier_gap_policy', 'value_text', 'gap_policy'),
] %}

-- The year's rule is the one valid on its last day. Amounts count only in the chain's currency.
select
    years.calendar_year,
    {% for code, value, name in codes %}
    max(case when rules.code = '{{ code }}' then rules.{{ value }} end) as {{ name }},
    {% endfor %}
    cast(max(rules.valid_from) as string) as rule_version
from {{ ref('int_build__years_listed') }} as years
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_parameters__periods_dated') }} as rules
    on
        rules.code like 'tier%'
        and rules.unit in (context.chain_currency, 'bool', 'tier')
        and cast(cast(years.calendar_year as string) || '-12-31' as date) >= rules.valid_from
        and cast(cast(years.calendar_year as string) || '-12-31' as date) < rules.valid_before
group by years.calendar_year
having count(distinct rules.code) = {{ codes | length }}
