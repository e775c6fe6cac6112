with judged as (
    select
        years.customer_id,
        years.year,
        years.net_spend,
        years.coverage_pct,
        years.currency,
        years.as_of,
        rules.rule_version,
        rules.gap_policy,
        case
            when years.receipts = 0 then 'NONE'
            when
                years.net_spend > rules.a_min
                or (years.net_spend = rules.a_min and rules.is_a_min_inclusive)
                then 'A'
            when
                years.net_spend < rules.b_min
                or (years.net_spend = rules.b_min and not rules.is_b_min_inclusive)
                then 'C'
            when
                years.net_spend < rules.b_max
                or (years.net_spend = rules.b_max and rules.is_b_max_inclusive)
                then 'B'
            when rules.calendar_year is not null and years.net_spend is not null then 'GAP'
        end as band
    from {{ ref('mart_customer_year') }} as years
    left join {{ ref('int_tiers__rules_dated') }} as rules
        on years.year = rules.calendar_year
)

select
    customer_id,
    year,
    net_spend,
    case when band = 'GAP' and gap_policy in ('A', 'B') then gap_policy else band end as tier,
    coalesce(band = 'GAP', false) as gap_flag,
    rule_version,
    coverage_pct,
    currency,
    as_of
from judged
