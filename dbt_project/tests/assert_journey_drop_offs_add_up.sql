{{ config(meta={'requirements': ['FB-11']}) }}

-- What is lost between the touchpoints is what the first has more than the last.
select
    sum(drop_off) as dropped,
    max(volume) - min(volume) as lost
from {{ ref('mart_journey') }}
having sum(drop_off) <> max(volume) - min(volume) or min(drop_off) < 0
