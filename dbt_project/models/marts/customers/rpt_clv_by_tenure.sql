{% set bands = [(0, 180), (180, 365), (365, 730), (730, 1095), (1095, 100000)] %}

-- The order of the means is reported as it is found.
with banded as (
    select
        case
            {% for low, high in bands %}
            when {{ days_between('buyers.first_purchase_date', 'clv.as_of') }} < {{ high }}
                then {{ loop.index }}
            {% endfor %}
        end as band_no,
        clv.clv_profit_forward,
        clv.clv_revenue_lifetime,
        clv.currency,
        clv.as_of
    from {{ ref('mart_clv') }} as clv
    inner join {{ ref('int_customers__first_purchases_dated') }} as buyers
        on clv.customer_id = buyers.customer_id
),

means as (
    select
        band_no,
        count(*) as customers,
        cast(sum(clv_profit_forward) as double) / nullif(count(clv_profit_forward), 0)
            as mean_profit_forward,
        cast(sum(clv_revenue_lifetime) as double) / nullif(count(clv_revenue_lifetime), 0)
            as mean_revenue_lifetime,
        currency,
        as_of
    from banded
    group by band_no, currency, as_of
),

compared as (
    select
        *,
        lag(mean_profit_forward) over (order by band_no asc) as profit_before,
        lag(mean_revenue_lifetime) over (order by band_no asc) as revenue_before
    from means
)

select
    cast(band_no as integer) as band_no,
    case band_no
        {% for low, high in bands %}
        when {{ loop.index }}
            then '{{ 'from ' ~ low if loop.last else low ~ ' to ' ~ (high - 1) }} days'
        {% endfor %}
    end as tenure_band,
    cast(customers as integer) as customers,
    mean_profit_forward,
    mean_revenue_lifetime,
    case
        when count(mean_profit_forward) over () < 2 then 'no data'
        when count(case when mean_profit_forward < profit_before then 1 end) over () > 0
            then 'not monotone'
        else 'rising with tenure'
    end as profit_finding,
    case
        when count(mean_revenue_lifetime) over () < 2 then 'no data'
        when count(case when mean_revenue_lifetime < revenue_before then 1 end) over () > 0
            then 'not monotone'
        else 'rising with tenure'
    end as revenue_finding,
    currency,
    as_of
from compared
