-- What can be compared: stores where only some take part, customers where the campaign kept a
-- control group of an audience that can be told. The time before is as long as what is over of the
-- campaign, and ends the day before it.
with windows as (
    select
        campaigns.*,
        rules.as_of,
        rules.expected_lift as usual_lift,
        case
            when campaigns.end_date < rules.as_of then campaigns.end_date
            else rules.as_of
        end as measured_to_date
    from {{ ref('stg_reference__campaigns') }} as campaigns
    inner join {{ ref('int_campaigns__rules_dated') }} as rules
        on campaigns.start_date <= rules.as_of
),

counted as (
    select
        *,
        {{ days_between('start_date', 'measured_to_date') }} + 1 as days
    from windows
)

select
    campaign_id,
    start_date,
    measured_to_date,
    cast(days as integer) as days,
    {{ add_days('start_date', '-days') }} as before_start_date,
    audience,
    region,
    store_ids,
    control_share,
    case
        when store_ids is not null or region is not null then 'stores'
        when coalesce(control_share, 0) = 0 then 'none'
        when audience in ('all', 'members', 'lost', 'key') then 'customers'
        else 'none'
    end as design,
    case
        when store_ids is not null or region is not null then ''
        when coalesce(control_share, 0) = 0 then 'no control group was kept'
        when audience in ('all', 'members', 'lost', 'key') then ''
        else 'nobody can say who else belongs to the audience'
    end as design_note,
    case
        when goal_metric = 'sales_growth' and goal_unit = 'share'
            then cast(goal_target as double)
        else cast(usual_lift as double)
    end as expected_lift
from counted
