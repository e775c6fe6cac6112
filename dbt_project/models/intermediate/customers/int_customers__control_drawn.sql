{% set digits = "'0123456789abcdef'" %}
{% set hash = text_hash("'recommendation ' || customers.customer_id") %}

-- Drawn from the customer's id alone, so that who is in the control group stays in it.
with drawn as (
    select
        customers.customer_id,
        16 * ({{ text_position('substr(' ~ hash ~ ', 1, 1)', digits) }} - 1)
        + {{ text_position('substr(' ~ hash ~ ', 2, 1)', digits) }} - 1 as lot
    from {{ ref('int_customers__contacts_removed') }} as customers
)

select
    drawn.customer_id,
    drawn.lot < 256 * rules.recommendation_control_share as is_control
from drawn
cross join {{ ref('int_grading__rules_stated') }} as rules
