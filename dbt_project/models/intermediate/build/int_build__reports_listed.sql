-- dbt itself knows the reports: a new one cannot be forgotten.
select
    reports.name as report,
    reports.owner
from ({{ marts_of_project('rpt_') }}) as reports
