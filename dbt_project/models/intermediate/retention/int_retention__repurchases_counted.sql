-- Buyers of a closed period: in all, by store, and by series of what was on their receipts.
{% set quarters = [1, 2, 3, 4] %}

with years as (
    select
        year_start,
        dimension,
        member,
        count(*) as buyers,
        count(case when receipts >= 2 then 1 end) as repeat_buyers,
        {% for quarter in quarters %}
        count(case when receipts_q{{ quarter }} >= 1 then 1 end) as buyers_q{{ quarter }},
        count(case when receipts_q{{ quarter }} >= 2 then 1 end) as repeat_buyers_q{{ quarter }}
        {%- if not loop.last %},{% endif %}
        {% endfor %}
    from {{ ref('int_retention__members_bought') }}
    group by year_start, dimension, member
),

counted as (
    select
        period_kind,
        period_start,
        'all' as dimension,
        'all' as member,
        count(*) as buyers,
        count(case when receipts >= 2 then 1 end) as repeat_buyers
    from {{ ref('int_retention__periods_bought') }}
    group by period_kind, period_start
    union all
    select
        'year' as period_kind,
        year_start as period_start,
        dimension,
        member,
        buyers,
        repeat_buyers
    from years
    {% for quarter in quarters %}
    union all
    select
        'quarter' as period_kind,
        {{ add_months('year_start', 3 * (quarter - 1)) }} as period_start,
        dimension,
        member,
        buyers_q{{ quarter }} as buyers,
        repeat_buyers_q{{ quarter }} as repeat_buyers
    from years
    where buyers_q{{ quarter }} > 0
    {% endfor %}
)

select
    counted.period_kind,
    counted.period_start,
    counted.dimension,
    counted.member,
    cast(counted.buyers as integer) as buyers,
    cast(counted.repeat_buyers as integer) as repeat_buyers
from counted
inner join {{ ref('int_retention__periods_listed') }} as periods
    on
        counted.period_kind = periods.period_kind
        and counted.period_start = periods.period_start
union all
select
    'ever' as period_kind,
    min(first_purchase_date) as period_start,
    'all' as dimension,
    'all' as member,
    cast(count(*) as integer) as buyers,
    cast(count(case when receipts >= 2 then 1 end) as integer) as repeat_buyers
from (
    select
        customer_id,
        min(business_date) as first_purchase_date,
        sum(receipts) as receipts
    from {{ ref('int_retention__days_bought') }}
    group by customer_id
) as ever
having count(*) > 0
