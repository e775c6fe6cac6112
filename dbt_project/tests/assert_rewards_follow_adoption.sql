{{ config(meta={'requirements': ['FB-10']}, severity='warn') }}

-- A reward without an adopted suggestion is a slip of the register, to be asked about.
select
    year,
    rewards_without_adoption
from {{ ref('rpt_staff_suggestions') }}
where rewards_without_adoption > 0
