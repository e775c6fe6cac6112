select
    feed,
    load_id,
    cast(sum(case when fate <> 'duplicate' then row_count else 0 end) as bigint) as rows_accepted,
    cast(sum(case when fate = 'duplicate' then row_count else 0 end) as bigint) as rows_duplicate,
    cast(sum(case when fate <> 'duplicate' then net_amount end) as decimal(38, 2))
        as net_amount_accepted,
    cast(sum(case when fate = 'duplicate' then net_amount end) as decimal(38, 2))
        as net_amount_duplicate
from {{ ref('int_loads__rows_counted') }}
group by feed, load_id
