-- Known by a sales agreement or as a corporate prospect; a prospect by its number and, once it is a
-- member, by that of the member too.
with corporate as (
    select party_id as buyer_id
    from {{ ref('stg_reference__agreements') }}
    where party_kind = 'corporate_customer'
    union
    select prospect_id as buyer_id
    from {{ ref('int_customers__prospects_linked') }}
    where segment = 'corporate'
)

select
    buyer_id,
    buyer_id as party_id
from corporate
union
select
    prospects.customer_id as buyer_id,
    corporate.buyer_id as party_id
from corporate
inner join {{ ref('int_customers__prospects_linked') }} as prospects
    on corporate.buyer_id = prospects.prospect_id and prospects.customer_id is not null
