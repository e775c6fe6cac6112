-- Beside the register stands every rule of the house that must exist and does not.
with missing as (
    select
        agreements.agreement_id,
        {{ text_list('terms.term', ';', 'terms.term asc') }} as missing_clauses
    from {{ ref('stg_reference__agreements') }} as agreements
    inner join {{ ref('ref_agreement_terms') }} as terms
        on agreements.kind = terms.kind and terms.kind <> 'house_rule'
    where ';' || coalesce(agreements.clauses, '') || ';' not like '%;' || terms.term || ';%'
    group by agreements.agreement_id
)

select
    agreements.agreement_id,
    agreements.kind,
    agreements.party_kind,
    agreements.party_id,
    agreements.signed_date,
    agreements.valid_from_date,
    agreements.valid_to_date,
    agreements.obligation_to_date,
    agreements.owner_id,
    agreements.review_date,
    missing.missing_clauses
from {{ ref('stg_reference__agreements') }} as agreements
left join missing on agreements.agreement_id = missing.agreement_id
union all
select
    cast(null as string) as agreement_id,
    terms.kind,
    'house' as party_kind,
    terms.term as party_id,
    cast(null as date) as signed_date,
    cast(null as date) as valid_from_date,
    cast(null as date) as valid_to_date,
    cast(null as date) as obligation_to_date,
    cast(null as string) as owner_id,
    cast(null as date) as review_date,
    cast(null as string) as missing_clauses
from {{ ref('ref_agreement_terms') }} as terms
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on delivered.feed = 'ref_agreements' and delivered.is_delivered
left join {{ ref('stg_reference__agreements') }} as agreements
    on terms.kind = agreements.kind and terms.term = agreements.party_id
where terms.kind = 'house_rule' and agreements.agreement_id is null
