{{ config(meta={'requirements': ['YEAR-04']}) }}

-- Thirteen sheets of different names, with years that belong to the data.
with counted as (
    select
        count(*) as sheets,
        count(distinct sheet_zh) as names,
        count(distinct object_name) as objects
    from {{ ref('rpt_workbook') }}
)

select
    sheets,
    names,
    objects
from counted
where sheets <> 13 or names <> 13 or objects <> 13
