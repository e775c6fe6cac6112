select
    member_level,
    tier,
    cast(count(*) as integer) as members,
    cast(count(case when not is_as_recomputed then 1 end) as integer) as members_off_level,
    as_of
from {{ ref('mart_member_level') }}
group by member_level, tier, as_of
