-- Targets: segments so marked, those that prospects are sought in, and groups that a campaign of
-- the window addresses by a name of their own.
with targets as (
    select positions.segment
    from {{ ref('stg_reference__positioning') }} as positions
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where positions.is_target and positions.valid_from_date <= rules.as_of
    union
    select prospects.segment
    from {{ ref('stg_reference__prospects') }} as prospects
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where prospects.segment is not null and prospects.first_contact_date <= rules.as_of
    union
    select campaigns.audience as segment
    from {{ ref('stg_reference__campaigns') }} as campaigns
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where
        campaigns.audience in ('youth', 'families', 'corporate')
        and campaigns.start_date <= rules.as_of
        and {{ days_between('coalesce(campaigns.end_date, rules.as_of)', 'rules.as_of') }}
        < rules.window_days
),

newest as (
    select
        positions.*,
        row_number() over (
            partition by positions.segment
            order by positions.valid_from_date desc
        ) as place
    from {{ ref('stg_reference__positioning') }} as positions
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where positions.valid_from_date <= rules.as_of
),

positions as (
    select *
    from newest
    where place = 1
)

select
    coalesce(targets.segment, positions.segment) as segment,
    targets.segment is not null as is_target,
    positions.valid_from_date,
    positions.product,
    positions.price,
    positions.channel,
    positions.service,
    positions.communication,
    positions.review_date,
    case
        when targets.segment is not null and positions.segment is null then 'no positioning'
        when positions.review_date < rules.as_of then 'review overdue'
        when positions.segment is not null and positions.review_date is null then 'no review date'
    end as problem
from targets
full outer join positions on targets.segment = positions.segment
cross join {{ ref('int_segments__rules_dated') }} as rules
