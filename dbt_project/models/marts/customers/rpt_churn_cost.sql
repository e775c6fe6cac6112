{% set dimensions = [
    ('all', "'all'"),
    ('tier', "coalesce(losses.value_band, 'unknown')"),
    ('reason', 'reasons.reason'),
    ('store', "coalesce(losses.store_id, 'unknown')"),
] %}

-- Losses of a year are those that began in it and last until its end, or until as_of. Replacing one
-- takes as many new customers as its spend holds that of a usual new one in the year.
with losses as (
    select
        losses.*,
        extract(year from losses.lost_date) as calendar_year
    from {{ ref('int_churn__losses_found') }} as losses
    where
        losses.returned_date is null
        or extract(year from losses.returned_date) > extract(year from losses.lost_date)
),

newcomers as (
    select
        extract(year from firsts.first_purchase_date) as calendar_year,
        cast(sum(years.net_spend) as double) / count(*) as mean_spend
    from {{ ref('int_customers__first_purchases_dated') }} as firsts
    inner join {{ ref('int_customers__years_summarised') }} as years
        on
            firsts.customer_id = years.customer_id
            and extract(year from firsts.first_purchase_date) = years.calendar_year
    group by extract(year from firsts.first_purchase_date)
),

members as (
    {% for dimension, member in dimensions %}
    select
        losses.calendar_year,
        '{{ dimension }}' as dimension,
        {{ member }} as member,
        losses.net_spend_year_before
    from losses
    inner join {{ ref('int_churn__reasons_found') }} as reasons
        on
            losses.customer_id = reasons.customer_id
            and losses.lost_date = reasons.lost_date
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    cast(members.calendar_year as integer) as year,
    members.dimension,
    members.member,
    cast(count(*) as integer) as customers,
    cast(sum(members.net_spend_year_before) as decimal(18, 2)) as net_spend_lost,
    cast(sum(members.net_spend_year_before) as double) / nullif(newcomers.mean_spend, 0)
        as replacements_needed,
    context.chain_currency as currency,
    context.as_of
from members
cross join {{ ref('int_build__context_stated') }} as context
left join newcomers on members.calendar_year = newcomers.calendar_year
group by
    members.calendar_year,
    members.dimension,
    members.member,
    newcomers.mean_spend,
    context.chain_currency,
    context.as_of
