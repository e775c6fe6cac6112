-- Share of good customers (the upper scores of spend) among those who came the same way to the same
-- store, or, where they are too few, the same way, to the same store, or at all.
with buyers as (
    select
        scores.customer_id,
        members.source_channel,
        homes.store_id,
        case when scores.m >= rules.rfm_strong_min then 1 else 0 end as is_good
    from {{ ref('int_segments__rfm_scored') }} as scores
    cross join {{ ref('int_segments__rules_dated') }} as rules
    left join {{ ref('int_customers__contacts_removed') }} as members
        on scores.customer_id = members.customer_id
    left join {{ ref('int_segments__home_stores_found') }} as homes
        on scores.customer_id = homes.customer_id
    where scores.is_current and scores.m is not null
),

alike as (
    select
        source_channel,
        store_id,
        count(*) as customers,
        sum(is_good) as good
    from buyers
    group by source_channel, store_id
),

counted as (
    select
        prospects.prospect_id,
        sum(
            case
                when
                    alike.source_channel = prospects.source_channel
                    and alike.store_id = prospects.store_id
                    then alike.customers
            end
        ) as both_n,
        sum(
            case
                when
                    alike.source_channel = prospects.source_channel
                    and alike.store_id = prospects.store_id
                    then alike.good
            end
        ) as both_good,
        sum(case when alike.source_channel = prospects.source_channel then alike.customers end)
            as way_n,
        sum(case when alike.source_channel = prospects.source_channel then alike.good end)
            as way_good,
        sum(case when alike.store_id = prospects.store_id then alike.customers end) as store_n,
        sum(case when alike.store_id = prospects.store_id then alike.good end) as store_good,
        sum(alike.customers) as all_n,
        sum(alike.good) as all_good
    from {{ ref('int_segments__prospects_linked') }} as prospects
    cross join alike
    group by prospects.prospect_id
),

chosen as (
    select
        counted.*,
        case
            when counted.both_n >= rules.min_customers then 'channel and store'
            when counted.way_n >= rules.min_customers then 'channel'
            when counted.store_n >= rules.min_customers then 'store'
            when counted.all_n >= rules.min_customers then 'all customers'
        end as basis
    from counted
    cross join {{ ref('int_segments__rules_dated') }} as rules
)

select
    prospect_id,
    basis,
    case basis
        when 'channel and store' then both_n
        when 'channel' then way_n
        when 'store' then store_n
        when 'all customers' then all_n
    end as alike_customers,
    case basis
        when 'channel and store' then cast(both_good as double) / both_n
        when 'channel' then cast(way_good as double) / way_n
        when 'store' then cast(store_good as double) / store_n
        when 'all customers' then cast(all_good as double) / all_n
    end as look_alike_score
from chosen
