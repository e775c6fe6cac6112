{# A query of what the customers of `spells` spent in `window` days before `first_date` and in as many
   after `last_date`, summed by `key`; what lies between counts in neither. #}
{% macro spend_around(spells, key, first_date, last_date, window) -%}
select
    spells.{{ key }},
    sum(case when days.business_date < spells.{{ first_date }} then days.net_spend else 0 end)
        as spend_before,
    sum(case when days.business_date > spells.{{ last_date }} then days.net_spend else 0 end)
        as spend_after
from {{ spells }} as spells
inner join {{ ref('int_sales__customer_days_summarised') }} as days
    on spells.customer_id = days.customer_id
where
    (
        days.business_date < spells.{{ first_date }}
        and {{ days_between('days.business_date', 'spells.' ~ first_date) }} <= spells.{{ window }}
    )
    or (
        days.business_date > spells.{{ last_date }}
        and {{ days_between('spells.' ~ last_date, 'days.business_date') }} <= spells.{{ window }}
    )
group by spells.{{ key }}
{%- endmacro %}
