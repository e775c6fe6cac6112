with ranked as (
    select
        *,
        {{ version_rank(['period', 'period_kind', 'store_id', 'account', 'item']) }} as version_rank
    from {{ source('reference', 'ref_finance') }}
)

select
    period,
    period_kind,
    store_id,
    account,
    item,
    amount,
    unit,
    coalesce(
        currency,
        (select max(build.chain_currency) from {{ source('lake', 'build') }} as build)
    ) as currency,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
