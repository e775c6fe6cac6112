-- A table: the 360 and the grades read it. Parts that are not known of a customer take no part, the
-- weights of the others are scaled up to 1; without a stated spend the index is behavioural.
{{ config(materialized='table') }}

with stated as (
    select
        answers.customer_id,
        answers.score as stated_monthly_spend,
        row_number() over (
            partition by answers.customer_id
            order by answers.responded_at_local desc, answers.wave_id asc, answers.response_id asc
        ) as place
    from {{ ref('int_surveys__identities_removed') }} as answers
    where
        upper(answers.question_code) = 'CATEGORY_SPEND'
        and answers.customer_id is not null
        and answers.score > 0
),

on_sale as (
    select count(distinct baskets.series_a) as series_on_sale
    from {{ ref('int_baskets__days_counted') }} as baskets
    cross join {{ ref('int_grading__rules_stated') }} as rules
    where
        baskets.event_date
        > {{ add_days('rules.as_of', '-cast(rules.cross_sell_sold_days as integer)') }}
),

owned as (
    select
        customer_id,
        count(distinct product_series) as series_owned
    from {{ ref('int_loyalty__buyers_summarised') }}
    group by customer_id
),

parts as (
    select
        bought.customer_id,
        stated.stated_monthly_spend,
        case
            when stated.customer_id is not null
                then
                    greatest(
                        1
                        - coalesce(cast(bought.net_spend_365d as double), 0) / 12
                        / cast(stated.stated_monthly_spend as double),
                        0
                    )
        end as wallet_part,
        case
            when on_sale.series_on_sale > 0
                then
                    greatest(
                        1
                        - cast(coalesce(owned.series_owned, 0) as double) / on_sale.series_on_sale,
                        0
                    )
        end as series_part,
        case
            when
                bought.purchase_days >= 2
                and bought.last_purchase_date > bought.first_purchase_date
                then
                    least(
                        cast(
                            {{ days_between('bought.last_purchase_date', 'rules.as_of') }} as double
                        )
                        * (bought.purchase_days - 1)
                        / {{ days_between(
                            'bought.first_purchase_date', 'bought.last_purchase_date'
                        ) }}
                        / cast(rules.index_gap_norms as double),
                        1
                    )
        end as gap_part,
        cast(rules.index_weight_wallet as double) as weight_wallet,
        cast(rules.index_weight_series as double) as weight_series,
        cast(rules.index_weight_gap as double) as weight_gap
    from {{ ref('int_customers__last_year_summarised') }} as bought
    cross join {{ ref('int_grading__rules_stated') }} as rules
    cross join on_sale
    left join owned on bought.customer_id = owned.customer_id
    left join stated on bought.customer_id = stated.customer_id and stated.place = 1
    where bought.last_purchase_date is not null
)

select
    customer_id,
    stated_monthly_spend,
    wallet_part,
    series_part,
    gap_part,
    cast(
        100
        * (
            weight_wallet * coalesce(wallet_part, 0)
            + weight_series * coalesce(series_part, 0)
            + weight_gap * coalesce(gap_part, 0)
        )
        / nullif(
            case when wallet_part is null then 0 else weight_wallet end
            + case when series_part is null then 0 else weight_series end
            + case when gap_part is null then 0 else weight_gap end,
            0
        ) as decimal(6, 2)
    ) as potential_index,
    case when wallet_part is null then 'behavioural' else 'stated spend' end
        as potential_index_basis,
    'weighted parts, 1' as potential_index_version
from parts
