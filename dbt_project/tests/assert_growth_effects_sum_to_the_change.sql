{{ config(meta={'requirements': ['PERF-22', 'PERF-23']}) }}

-- To the cent: what those who came, left and stayed changed and what nobody is known of. And by
-- heads: opening + new + regained - lost = closing, the opening that of the period before.
select
    growth.period_kind,
    growth.period_start,
    growth.sales_change,
    growth.new_effect + growth.lost_effect + growth.kept_effect + growth.anonymous_effect
        as effects,
    growth.opening_customers + growth.new_customers + growth.regained_customers
    - growth.lost_customers as balance,
    growth.closing_customers
from {{ ref('rpt_growth') }} as growth
left join {{ ref('rpt_growth') }} as before
    on
        growth.period_kind = before.period_kind
        and {{ add_days('growth.period_start', -1) }} = before.period_end
where
    growth.sales_change
    <> growth.new_effect + growth.lost_effect + growth.kept_effect + growth.anonymous_effect
    or (
        growth.sales_change is null
        and growth.net_sales is not null
        and growth.net_sales_before is not null
    )
    or growth.opening_customers + growth.new_customers + growth.regained_customers
    - growth.lost_customers <> growth.closing_customers
    or before.closing_customers <> growth.opening_customers
