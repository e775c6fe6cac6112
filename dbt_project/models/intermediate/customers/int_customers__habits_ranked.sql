{% set habits = ['series', 'store_id', 'channel', 'daypart', 'weekday'] %}

-- Night goes on until the morning begins. Of equal shares the one bought last counts, then code.
with lines as (
    select
        sales.customer_id,
        sales.business_date,
        sales.net_amount_chain,
        products.series,
        sales.store_id,
        case when sales.channel <> 'UNKNOWN' then sales.channel end as channel,
        cast(
            mod({{ days_between("cast('1900-01-01' as date)", 'sales.business_date') }}, 7) + 1
            as string
        ) as weekday,
        case
            when extract(hour from sales.sold_at_local) < rules.daypart_morning_from then 'night'
            when extract(hour from sales.sold_at_local) < rules.daypart_lunch_from then 'morning'
            when extract(hour from sales.sold_at_local) < rules.daypart_afternoon_from then 'lunch'
            when extract(hour from sales.sold_at_local) < rules.daypart_evening_from
                then 'afternoon'
            when extract(hour from sales.sold_at_local) < rules.daypart_night_from then 'evening'
            else 'night'
        end as daypart
    from {{ ref('int_sales__lines_kept') }} as sales
    cross join {{ ref('int_grading__rules_stated') }} as rules
    left join {{ ref('int_products__series_mapped') }} as products
        on sales.product_code = products.product_code
    where
        sales.customer_id is not null
        and sales.business_date
        > {{ add_days('rules.as_of', '-cast(rules.preference_window_days as integer)') }}
),

spent as (
    {% for habit in habits %}
    select
        customer_id,
        '{{ habit }}' as habit,
        {{ habit }} as choice,
        sum(net_amount_chain) as net_spend,
        max(business_date) as last_date
    from lines
    where {{ habit }} is not null and net_amount_chain is not null
    group by customer_id, {{ habit }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    customer_id,
    habit,
    choice,
    cast(net_spend as decimal(18, 2)) as net_spend,
    cast(net_spend as double)
    / nullif(cast(sum(net_spend) over (partition by customer_id, habit) as double), 0)
        as spend_share,
    last_date,
    cast(
        row_number() over (
            partition by customer_id, habit
            order by net_spend desc, last_date desc, choice asc
        ) as integer
    ) as place
from spent
