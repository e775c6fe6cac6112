with ranked as (
    select
        *,
        {{ version_rank(['record_id']) }} as version_rank
    from {{ source('reference', 'ref_partners') }}
)

select
    record_id,
    record as record_kind,
    partner_id,
    reported_date,
    partner_name,
    partner_kind,
    joined_date,
    left_date,
    risk,
    score_strategic,
    score_operational,
    score_relational,
    review_date,
    material,
    purchase_amount,
    capacity_amount,
    substitutes,
    bargaining_power,
    partner_capital,
    capital_in_our_goods,
    profit_share,
    support_delivery,
    support_funds,
    support_staff,
    store_id,
    due_date,
    delivered_date,
    quality_score,
    outlet_id,
    rep_id,
    served_by,
    opened_at as opened_date,
    submitted_at as submitted_date,
    coalesce(
        currency,
        (select max(build.chain_currency) from {{ source('lake', 'build') }} as build)
    ) as currency,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
