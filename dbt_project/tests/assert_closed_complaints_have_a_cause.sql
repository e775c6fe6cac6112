{{ config(meta={'requirements': ['COMP-03']}, severity='warn') }}

-- The cause is known once the analysis is done; a closed complaint may not lack it. A warning, not
-- a stop: what the desk left out must not keep yesterday's figures on the screens.
select
    complaint_id,
    closed_at
from {{ ref('fct_complaint') }}
where closed_at is not null and cause is null
