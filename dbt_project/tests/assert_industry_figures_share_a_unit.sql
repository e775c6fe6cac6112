-- Units of a drop must not stop the night: the row without a ratio is published, and this says so.
{{ config(severity='warn', meta={'requirements': ['PERF-16']}) }}

select
    kpi,
    year,
    reason
from {{ ref('rpt_industry_comparison') }}
where status = 'units differ'
