select
    lifecycle.customer_id,
    lifecycle.stage5,
    lifecycle.reactivated_at is not null as is_reactivated,
    lists.stage_5_1,
    lists.stage_6_3,
    lists.stage_7_4,
    lifecycle.as_of
from {{ ref('mart_lifecycle') }} as lifecycle
left join {{ ref('int_lifecycle__lists_mapped') }} as lists
    on
        lifecycle.stage5 = lists.stage5
        and (lifecycle.reactivated_at is not null) = lists.is_reactivated
