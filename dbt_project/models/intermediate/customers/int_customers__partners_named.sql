-- Won through a partner: the consent came from a partner that the register knows, by number or
-- name. Of several partners the first counts.
with named as (
    select
        consents.customer_id,
        partners.partner_id,
        row_number() over (
            partition by consents.customer_id
            order by consents.given_at asc, partners.partner_id asc
        ) as place
    from {{ ref('int_customers__consents_linked') }} as consents
    inner join (
        select distinct
            partner_id,
            partner_name
        from {{ ref('stg_reference__partners') }}
        where record_kind = 'profile'
    ) as partners
        on consents.source_name in (partners.partner_id, partners.partner_name)
    where consents.collection_mode = 'indirect'
)

select
    customer_id,
    partner_id
from named
where place = 1
