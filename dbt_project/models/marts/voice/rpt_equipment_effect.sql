-- Customers who bought at the store in the days before it was equipped, against those who bought at
-- stores without the equipment and not at this one.
with flips as (
    select
        equipment.store_id,
        equipment.product_series,
        equipment.equipped_from_date,
        rules.loyalty_repeat_days as repeat_days,
        cast(rules.equipment_effect_days as integer) as effect_days,
        {{ add_days(
            'equipment.equipped_from_date', '-cast(rules.equipment_effect_days as integer)'
        ) }} as before_from_date,
        {{ add_days(
            'equipment.equipped_from_date', 'cast(rules.equipment_effect_days as integer)'
        ) }} as after_before_date,
        rules.as_of
    from {{ ref('int_loyalty__equipment_dated') }} as equipment
    cross join {{ ref('int_loyalty__rules_dated') }} as rules
    where equipment.equipped_from_date <= rules.as_of
),

visitors as (
    select
        flips.store_id,
        flips.product_series,
        sales.customer_id,
        max(case when sales.store_id = flips.store_id then 1 else 0 end) as is_own
    from flips
    inner join {{ ref('int_sales__lines_kept') }} as sales
        on
            flips.before_from_date <= sales.business_date
            and flips.equipped_from_date > sales.business_date
            and sales.customer_id is not null
            and not sales.is_refund
    left join {{ ref('int_loyalty__equipment_dated') }} as others
        on
            sales.store_id = others.store_id
            and flips.product_series = others.product_series
    where sales.store_id = flips.store_id or not coalesce(others.is_equipped, false)
    group by flips.store_id, flips.product_series, sales.customer_id
),

counted as (
    select
        flips.store_id,
        flips.product_series,
        visitors.customer_id,
        visitors.is_own,
        count(
            case when purchases.business_date < flips.equipped_from_date then 1 end
        ) as days_before,
        count(
            case when purchases.business_date >= flips.equipped_from_date then 1 end
        ) as days_after
    from flips
    inner join visitors
        on
            flips.store_id = visitors.store_id
            and flips.product_series = visitors.product_series
    left join {{ ref('int_loyalty__purchases_summarised') }} as purchases
        on
            visitors.customer_id = purchases.customer_id
            and visitors.product_series = purchases.product_series
            and flips.before_from_date <= purchases.business_date
            and flips.after_before_date > purchases.business_date
    group by flips.store_id, flips.product_series, visitors.customer_id, visitors.is_own
),

rates as (
    select
        flips.store_id,
        flips.product_series,
        flips.equipped_from_date,
        flips.effect_days,
        {{ add_days('flips.after_before_date', -1) }} <= flips.as_of as is_over,
        flips.as_of,
        {% for group, is_own in [('equipped', 1), ('comparison', 0)] %}
        count(case when counted.is_own = {{ is_own }} then 1 end) as {{ group }}_customers,
        {% for span in ['before', 'after'] %}
        cast(
            count(
                case
                    when
                        counted.is_own = {{ is_own }}
                        and counted.days_{{ span }} >= flips.repeat_days
                        then 1
                end
            ) as double
        )
        / nullif(count(case when counted.is_own = {{ is_own }} then 1 end), 0)
            as {{ group }}_repeat_rate_{{ span }},
        {% endfor %}
        {% endfor %}
        count(*) as rows_counted
    from flips
    inner join counted
        on
            flips.store_id = counted.store_id
            and flips.product_series = counted.product_series
    group by
        flips.store_id,
        flips.product_series,
        flips.equipped_from_date,
        flips.effect_days,
        flips.after_before_date,
        flips.as_of
)

select
    rates.store_id,
    rates.product_series as series,
    rates.equipped_from_date,
    rates.effect_days,
    case
        when not rates.is_over then 'running'
        when rates.equipped_customers = 0 then 'no customers'
        when rates.comparison_customers = 0 then 'uncontrolled'
        else 'compared'
    end as status,
    cast(rates.equipped_customers as integer) as customers,
    rates.equipped_repeat_rate_before as repeat_rate_before,
    case when rates.is_over then rates.equipped_repeat_rate_after end as repeat_rate_after,
    cast(rates.comparison_customers as integer) as comparison_customers,
    rates.comparison_repeat_rate_before,
    case when rates.is_over then rates.comparison_repeat_rate_after end
        as comparison_repeat_rate_after,
    case
        when rates.is_over
            then
                100 * (
                    rates.equipped_repeat_rate_after - rates.equipped_repeat_rate_before
                    - coalesce(
                        rates.comparison_repeat_rate_after - rates.comparison_repeat_rate_before, 0
                    )
                )
    end as effect_points,
    coverage.coverage_pct,
    rates.as_of
from rates
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on extract(year from rates.equipped_from_date) = coverage.calendar_year
