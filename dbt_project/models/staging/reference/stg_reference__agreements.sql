with ranked as (
    select
        *,
        {{ version_rank(['agreement_id']) }} as version_rank
    from {{ source('reference', 'ref_agreements') }}
)

select
    agreement_id,
    kind,
    party_kind,
    party_id,
    title,
    signed_date,
    valid_from as valid_from_date,
    valid_to as valid_to_date,
    obligation_to as obligation_to_date,
    clauses,
    owner_id,
    review_date,
    updated_at,
    load_id,
    file_row
from ranked
where version_rank = 1
