-- Tables that nobody read of late may be left out one day; without a single reading ever told
-- nobody can say.
with told as (
    select count(*) > 0 as has_uses
    from {{ ref('int_performance__uses_dated') }}
),

uses as (
    select
        uses.object_name,
        max(uses.use_date) as last_read_date,
        count(
            distinct
            case
                when
                    uses.use_date
                    > {{ add_days('rules.as_of', '-cast(rules.report_unread_days as integer)') }}
                    then uses.person_id
            end
        ) as readers
    from {{ ref('int_performance__uses_dated') }} as uses
    inner join {{ ref('int_performance__rules_dated') }} as rules on uses.use_date <= rules.as_of
    group by uses.object_name
)

select
    marts.object_name as mart,
    marts.owner,
    cast(case when told.has_uses then coalesce(uses.readers, 0) end as integer) as readers,
    uses.last_read_date,
    case
        when not told.has_uses then 'no data'
        when coalesce(uses.readers, 0) = 0 then 'unused'
        else 'used'
    end as status,
    context.as_of
from {{ ref('int_build__marts_listed') }} as marts
cross join {{ ref('int_build__context_stated') }} as context
cross join told
left join uses on marts.object_name = uses.object_name
