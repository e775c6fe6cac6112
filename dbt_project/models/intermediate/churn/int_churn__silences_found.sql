-- Silences of valuable customers beyond their own rhythm, or beyond the general warning: dated by
-- the purchases before and after, so that every night finds the same ones. A table: both alerts
-- read it.
{{ config(materialized='table') }}

with rhythms as (
    select
        known.customer_id,
        known.business_date,
        count(earlier.business_date) as gaps,
        cast(
            {{ quantile(
                days_between('earlier.business_date', 'earlier.next_purchase_date'), '0.5'
            ) }} as double
        ) as median_gap_days
    from {{ ref('int_lifecycle__purchases_accumulated') }} as known
    cross join {{ ref('int_churn__rules_dated') }} as rules
    left join {{ ref('int_lifecycle__purchases_accumulated') }} as earlier
        on
            known.customer_id = earlier.customer_id
            and known.business_date >= earlier.next_purchase_date
    where
        {{ days_between(
            'known.business_date', 'least(known.next_purchase_date, rules.as_of)'
        ) }} >= rules.warning_min_days
    group by known.customer_id, known.business_date
),

allowed as (
    select
        rhythms.customer_id,
        rhythms.business_date,
        cast(
            greatest(
                rules.warning_min_days,
                least(
                    rules.warning_days + 1,
                    case
                        when rhythms.gaps >= rules.warning_min_gaps
                            then ceil(rules.warning_gap_ratio * rhythms.median_gap_days)
                        else rules.warning_days + 1
                    end
                )
            ) as integer
        ) as days_allowed
    from rhythms
    cross join {{ ref('int_churn__rules_dated') }} as rules
),

spells as (
    select
        known.customer_id,
        known.business_date as last_purchase_date,
        {{ add_days('known.business_date', 'allowed.days_allowed') }} as warned_date,
        case
            when known.next_purchase_date < cast('9999-12-31' as date)
                then known.next_purchase_date
        end as next_purchase_date,
        {{ add_days('known.business_date', 'cast(rules.days as integer) + 1') }} as lost_date,
        least(
            known.next_purchase_date,
            {{ add_days('known.business_date', 'cast(rules.days as integer) + 1') }}
        ) as end_date,
        allowed.days_allowed,
        rules.as_of
    from {{ ref('int_lifecycle__purchases_accumulated') }} as known
    cross join {{ ref('int_churn__rules_dated') }} as rules
    inner join allowed
        on known.customer_id = allowed.customer_id and known.business_date = allowed.business_date
),

valued as (
    select
        spells.customer_id,
        spells.last_purchase_date,
        sum(days.net_spend) as net_spend_year
    from spells
    inner join {{ ref('int_sales__customer_days_summarised') }} as days
        on
            spells.customer_id = days.customer_id
            and spells.last_purchase_date >= days.business_date
            and {{ days_between('days.business_date', 'spells.last_purchase_date') }} < 365
    where
        spells.warned_date <= spells.as_of
        and spells.warned_date < coalesce(spells.next_purchase_date, cast('9999-12-31' as date))
    group by spells.customer_id, spells.last_purchase_date
)

select
    spells.customer_id,
    spells.last_purchase_date,
    spells.warned_date,
    spells.days_allowed,
    case when spells.end_date <= spells.as_of then spells.end_date end as ended_date,
    coalesce(spells.next_purchase_date <= spells.lost_date, false) as has_bought_again,
    cast(valued.net_spend_year as decimal(18, 2)) as net_spend_year,
    case when valued.net_spend_year >= tiers.a_min then 'A' else 'B' end as value_band
from spells
inner join valued
    on
        spells.customer_id = valued.customer_id
        and spells.last_purchase_date = valued.last_purchase_date
inner join {{ ref('int_tiers__rules_dated') }} as tiers
    on extract(year from spells.last_purchase_date) = tiers.calendar_year
where valued.net_spend_year >= tiers.b_min
