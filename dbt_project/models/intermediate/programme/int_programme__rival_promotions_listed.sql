select
    fact_id,
    competitor,
    region,
    start_date,
    end_date
from {{ ref('stg_reference__competitors') }}
where topic = 'promotion' and start_date is not null and end_date is not null
