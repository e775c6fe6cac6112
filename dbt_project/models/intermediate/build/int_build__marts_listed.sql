-- dbt itself knows the marts: a new one is denied until it is granted. The sheets of the workbook
-- and the record of the build's models are published as tables too.
select
    marts.name as object_name,
    marts.owner
from ({{ marts_of_project() }}) as marts
union all
select distinct
    sheets.object_name,
    'marketing' as owner
from {{ ref('int_workbook__sheets_named') }} as sheets
where sheets.sheet_year is null
union all
select
    'customers_' || cast(calendar_year as string) as object_name,
    'marketing' as owner
from {{ ref('int_build__years_listed') }}
union all
select
    'query_' || cast(calendar_year as string) as object_name,
    'marketing' as owner
from {{ ref('int_build__years_listed') }}
union all
select
    'audit_models' as object_name,
    'data-team' as owner
