select
    channel,
    source_class,
    channel_class
from {{ ref('int_channels__names_mapped') }}
union all
select
    'UNKNOWN' as channel,
    'other' as source_class,
    'other' as channel_class
