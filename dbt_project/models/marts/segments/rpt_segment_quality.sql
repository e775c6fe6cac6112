with members as (
    select
        customer_id,
        method,
        segment
    from {{ ref('mart_segment') }}
    union all
    select
        customer_id,
        'cluster' as method,
        'cluster ' || cast(cluster as string) as segment
    from {{ ref('mart_clusters') }}
    where cluster is not null
),

segments as (
    select
        method,
        segment,
        count(*) as customers
    from members
    group by method, segment
),

open_cities as (
    select distinct stores.city
    from {{ ref('int_stores__details_stated') }} as stores
    cross join {{ ref('int_segments__rules_dated') }} as rules
    where stores.city is not null and coalesce(stores.closed_date >= rules.as_of, true)
),

-- The margin counts where every product sold has a cost, else the spend.
profit_basis as (
    select count(*) > 0 and count(*) = count(margin_window) as is_margin_known
    from {{ ref('int_segments__buyers_measured') }}
    where is_current
),

described as (
    select
        members.method,
        members.segment,
        members.customer_id,
        members.segment <> 'UNKNOWN' and buyers.net_spend_window is not null as is_measured,
        coalesce(customers.has_marketing_consent, false) or open_cities.city is not null
            as is_reached,
        case
            when profit_basis.is_margin_known then coalesce(buyers.margin_window, 0)
            else coalesce(buyers.net_spend_window, 0)
        end as profit
    from members
    cross join profit_basis
    left join {{ ref('dim_customer') }} as customers
        on members.customer_id = customers.customer_id
    left join open_cities on customers.city = open_cities.city
    left join {{ ref('int_segments__buyers_measured') }} as buyers
        on members.customer_id = buyers.customer_id and buyers.is_current
),

per_segment as (
    select
        method,
        segment,
        cast(count(case when is_measured then 1 end) as double) / count(*) as measured_share,
        cast(count(case when is_reached then 1 end) as double) / count(*) as reached_share,
        cast(sum(profit) as double) / count(*) as profit_mean
    from described
    group by method, segment
),

per_method as (
    select
        method,
        cast(sum(profit) as double) / count(*) as profit_mean
    from described
    group by method
),

quarters as (
    select 0 as quarters_ago
    union all
    select 1 as quarters_ago
    union all
    select 2 as quarters_ago
    union all
    select 3 as quarters_ago
),

quarterly as (
    select
        members.method,
        members.segment,
        active.quarters_ago,
        count(*) as customers
    from members
    inner join {{ ref('int_segments__quarters_counted') }} as active
        on members.customer_id = active.customer_id
    group by members.method, members.segment, active.quarters_ago
),

sizes as (
    select
        segments.method,
        segments.segment,
        coalesce(quarterly.customers, 0) as customers,
        sum(coalesce(quarterly.customers, 0)) over (
            partition by segments.method, segments.segment
        ) as customer_quarters
    from segments
    cross join quarters
    left join quarterly
        on
            segments.method = quarterly.method
            and segments.segment = quarterly.segment
            and quarters.quarters_ago = quarterly.quarters_ago
),

swings as (
    select
        method,
        segment,
        max(abs(4.0 * customers / customer_quarters - 1)) as size_swing
    from sizes
    where customer_quarters > 0
    group by method, segment
),

series_spend as (
    select
        members.method,
        members.segment,
        tastes.series,
        sum(tastes.spend) as spend
    from members
    inner join {{ ref('int_segments__tastes_measured') }} as tastes
        on members.customer_id = tastes.customer_id
    where members.segment <> 'UNKNOWN'
    group by members.method, members.segment, tastes.series
),

shares as (
    select
        method,
        segment,
        series,
        cast(spend as double)
        / nullif(cast(sum(spend) over (partition by method, segment) as double), 0) as share
    from series_spend
),

-- Half the sum of the differences is the part of the money spent on other series. Shares only one
-- of two segments has are its own.
commons as (
    select
        one.method,
        one.segment,
        other.segment as other_segment,
        sum(least(one.share, other.share)) as common_share
    from shares as one
    inner join shares as other
        on
            one.method = other.method
            and one.segment <> other.segment
            and one.series = other.series
    group by one.method, one.segment, other.segment
),

tasted as (
    select distinct
        method,
        segment
    from shares
),

pairs as (
    select
        one.method,
        one.segment,
        other.segment as other_segment
    from tasted as one
    inner join tasted as other
        on one.method = other.method and one.segment <> other.segment
),

neighbours as (
    select
        pairs.method,
        pairs.segment,
        min(1 - coalesce(commons.common_share, 0)) as taste_distance
    from pairs
    left join commons
        on
            pairs.method = commons.method
            and pairs.segment = commons.segment
            and pairs.other_segment = commons.other_segment
    group by pairs.method, pairs.segment
),

scored as (
    select
        segments.method,
        segments.segment,
        segments.customers,
        round(per_segment.measured_share, 6) as measured_share,
        round(per_segment.reached_share, 6) as reached_share,
        case
            when per_method.profit_mean > 0
                then round(per_segment.profit_mean / per_method.profit_mean, 6)
        end as profit_ratio,
        round(swings.size_swing, 6) as size_swing,
        round(neighbours.taste_distance, 6) as taste_distance
    from segments
    inner join per_segment
        on segments.method = per_segment.method and segments.segment = per_segment.segment
    inner join per_method on segments.method = per_method.method
    left join swings
        on segments.method = swings.method and segments.segment = swings.segment
    left join neighbours
        on segments.method = neighbours.method and segments.segment = neighbours.segment
)

select
    scored.method,
    scored.segment,
    cast(scored.customers as integer) as customers,
    scored.measured_share as measurable_score,
    cast(rules.min_measured_share as double) as measurable_threshold,
    case
        when
            scored.measured_share >= rules.min_measured_share
            and scored.customers >= rules.min_customers
            then 'pass'
        else 'fail'
    end as measurable,
    scored.reached_share as accessible_score,
    cast(rules.min_reached_share as double) as accessible_threshold,
    case when scored.reached_share >= rules.min_reached_share then 'pass' else 'fail' end
        as accessible,
    scored.profit_ratio as profitable_score,
    cast(rules.min_profit_ratio as double) as profitable_threshold,
    case
        when scored.profit_ratio is null then 'no data'
        when scored.profit_ratio >= rules.min_profit_ratio then 'pass'
        else 'fail'
    end as profitable,
    case when profit_basis.is_margin_known then 'margin' else 'revenue' end as profit_basis,
    scored.size_swing as stable_score,
    cast(rules.max_size_swing as double) as stable_threshold,
    case
        when scored.size_swing is null then 'no data'
        when scored.size_swing <= rules.max_size_swing then 'pass'
        else 'fail'
    end as stable,
    scored.taste_distance as differentiated_score,
    cast(rules.min_taste_distance as double) as differentiated_threshold,
    case
        when scored.taste_distance is null then 'no data'
        when scored.taste_distance >= rules.min_taste_distance then 'pass'
        else 'fail'
    end as differentiated,
    rules.as_of
from scored
cross join profit_basis
cross join {{ ref('int_segments__rules_dated') }} as rules
