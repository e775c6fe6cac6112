-- Incremental models make what they hold of these months anew.
select distinct {{ month_of('event_date') }} as month_start
from {{ ref('int_loads__dates_touched') }}
