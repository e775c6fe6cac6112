-- A table: the fits read it. A history counts days with a purchase, not receipts. The holdout
-- begins so many days before as_of and knows nothing later, but what is to be foretold.
{{ config(materialized='table') }}

-- As of a day and so many days before it, of both histories; the difference came in between.
with cuts as (
    {% for history, days in [('now', '0'), ('holdout', 'holdout_days')] %}
    select
        '{{ history }}' as history,
        {{ add_days('as_of', '-cast(' ~ days ~ ' as integer)') }} as judged_date,
        {{ add_days('as_of', '-cast(' ~ days ~ ' + holdout_days as integer)') }} as earlier_date,
        as_of
    from {{ ref('int_clv__rules_dated') }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

{% for name in ['judged', 'earlier'] %}
known_{{ name }} as (
    select
        cuts.history,
        cuts.judged_date,
        known.*
    from {{ ref('int_sales__customer_days_accumulated') }} as known
    inner join cuts
        on known.business_date <= cuts.{{ name }}_date and known.next_date > cuts.{{ name }}_date
),

{% endfor %}
-- What is known now holds what the holdout had to foretell.
joined as (
    select
        judged.*,
        judged.purchase_days - coalesce(earlier.purchase_days, 0) as earlier_purchases,
        judged.net_spend - coalesce(earlier.net_spend, 0) as earlier_spend,
        latest.purchase_days - judged.purchase_days as later_purchases,
        latest.net_spend - judged.net_spend as later_spend
    from known_judged as judged
    inner join known_judged as latest
        on judged.customer_id = latest.customer_id and latest.history = 'now'
    left join known_earlier as earlier
        on judged.customer_id = earlier.customer_id and judged.history = earlier.history
    where judged.purchase_days > 0
)

select
    history,
    customer_id,
    judged_date,
    first_purchase_date,
    cast(purchase_days - 1 as integer) as repeat_purchases,
    cast({{ days_between('first_purchase_date', 'last_purchase_date') }} as integer)
        as last_purchase_day,
    cast({{ days_between('first_purchase_date', 'judged_date') }} as integer) as age_days,
    paid_purchases,
    cast(paid_spend as double) / nullif(paid_purchases, 0) as mean_spend,
    cast(earlier_purchases as integer) as earlier_purchases,
    cast(earlier_spend as double) as earlier_spend,
    case when history = 'holdout' then cast(later_purchases as integer) end as later_purchases,
    case when history = 'holdout' then cast(later_spend as double) end as later_spend
from joined
