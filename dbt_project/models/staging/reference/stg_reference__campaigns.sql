with ranked as (
    select
        *,
        {{ version_rank(['campaign_id']) }} as version_rank
    from {{ source('reference', 'ref_campaigns') }}
)

select
    campaign_id,
    name as campaign_name,
    kind,
    audience,
    tactic,
    relation_level,
    goal,
    goal_metric,
    goal_target,
    goal_unit,
    channels,
    region,
    store_ids,
    promo_code,
    product_codes,
    advertised_price,
    is_personalised,
    control_share,
    stage,
    marketing_owner_id,
    sales_owner_id,
    operations_owner_id,
    service_owner_id,
    start_date,
    end_date,
    budget,
    coalesce(
        currency,
        (select max(build.chain_currency) from {{ source('lake', 'build') }} as build)
    ) as currency,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
