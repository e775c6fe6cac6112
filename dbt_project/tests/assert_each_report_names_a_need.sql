{{ config(meta={'requirements': ['MIS-05']}) }}

-- A report that answers no need is not wanted, or its group lacks one in ref_report_needs.
select reports.report
from {{ ref('int_build__reports_listed') }} as reports
left join {{ ref('rpt_information_needs') }} as needs on reports.report = needs.report
where needs.need_id is null
