-- dbt itself knows the reports, what they read and where it comes from: a new one cannot be
-- forgotten.
select
    reports.name as report,
    reports.owner,
    reports.mart_group,
    reports.marts,
    reports.feeds
from ({{ reports_of_project() }}) as reports
