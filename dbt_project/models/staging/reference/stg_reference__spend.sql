with ranked as (
    select
        *,
        {{ version_rank(['spend_id']) }} as version_rank
    from {{ source('reference', 'ref_spend') }}
)

select
    spend_id,
    period,
    period_kind,
    scenario,
    coalesce(version, 1) as version,
    purpose,
    resource,
    force as market_force,
    plan_id,
    stage,
    {{ clean_code('channel') }} as channel,
    campaign_id,
    region,
    store_id,
    value_element,
    product_series,
    partner_id,
    staff_id,
    kpi,
    reason,
    amount,
    coalesce(
        currency,
        (select max(build.chain_currency) from {{ source('lake', 'build') }} as build)
    ) as currency,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
