-- A member names one referrer at most. Nobody refers themselves.
select
    customer_id,
    referrer_id,
    member_since_date
from {{ ref('int_customers__contacts_removed') }}
where referrer_id is not null and referrer_id <> customer_id
