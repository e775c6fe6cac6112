-- dbt itself knows the reports: a new one cannot be forgotten.
select
    reports.report,
    reports.owner
from ({{ reports_of_project() }}) as reports
