-- dbt itself knows the marts: a new one is denied until it is granted.
select
    marts.name as object_name,
    marts.owner
from ({{ marts_of_project() }}) as marts
