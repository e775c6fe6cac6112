{{ config(meta={'requirements': ['LIFE-04']}) }}

select
    customer_id,
    stage5
from {{ ref('rpt_lifecycle_lists') }}
where stage_5_1 is null or stage_6_3 is null or stage_7_4 is null
