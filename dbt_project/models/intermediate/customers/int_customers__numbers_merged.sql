select
    identifier as member_id,
    customer_id
from {{ ref('int_customers__identities_resolved') }}
where identifier_kind = 'member' and valid_before is null and identifier <> customer_id
