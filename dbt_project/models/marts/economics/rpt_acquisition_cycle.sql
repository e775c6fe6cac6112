{% set dimensions = [('all', "'all'"), ('channel', "coalesce(source_channel, 'unknown')")] %}

-- From the first contact to the first purchase. A contact after it is no acquisition: it is
-- counted and left out.
with won as (
    select
        prospects.source_channel,
        {{ days_between('prospects.first_contact_date', 'firsts.first_purchase_date') }} as days
    from {{ ref('int_segments__prospects_linked') }} as prospects
    inner join {{ ref('int_customers__first_purchases_dated') }} as firsts
        on prospects.customer_id = firsts.customer_id
),

members as (
    {% for dimension, member in dimensions %}
    select
        '{{ dimension }}' as dimension,
        {{ member }} as member,
        days
    from won
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (
    select
        dimension,
        member,
        count(case when days >= 0 then 1 end) as won,
        count(case when days < 0 then 1 end) as contacted_after,
        {{ quantile('case when days >= 0 then days end', '0.5') }} as median_days,
        {{ quantile('case when days >= 0 then days end', '0.9') }} as p90_days
    from members
    group by dimension, member
)

select
    coalesce(counted.dimension, 'all') as dimension,
    coalesce(counted.member, 'all') as member,
    cast(counted.won as integer) as customers_won,
    cast(counted.contacted_after as integer) as contacted_after_purchase,
    cast(counted.median_days as double) as median_days,
    cast(counted.p90_days as double) as p90_days,
    case
        when counted.dimension is null then 'no data'
        when counted.won = 0 then 'contradictory'
        else 'measured'
    end as status,
    context.as_of
from {{ ref('int_build__context_stated') }} as context
left join counted on 1 = 1
