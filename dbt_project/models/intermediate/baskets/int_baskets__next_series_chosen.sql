-- A table of a row per buyer and moment. The next best series is one the customer never bought and
-- the home store sells; among these the one that most often stands on receipts with a series that
-- the customer knows, else the one on most receipts of the store. Home is where most was spent.
{{ config(materialized='table') }}

with bought as (
    select
        moments.moment,
        moments.list_date,
        listed.customer_id,
        listed.series,
        listed.store_id,
        listed.business_date,
        listed.net_spend
    from {{ ref('int_baskets__series_listed') }} as listed
    inner join {{ ref('int_baskets__moments_stated') }} as moments
        on listed.business_date <= moments.list_date
    where listed.customer_id is not null
),

owned as (
    select distinct
        moment,
        list_date,
        customer_id,
        series
    from bought
),

owned_lists as (
    select
        moment,
        list_date,
        customer_id,
        cast(count(*) as integer) as series_owned,
        {{ text_list('series', ', ', 'series asc') }} as owned
    from owned
    group by moment, list_date, customer_id
),

stores as (
    select
        moment,
        customer_id,
        store_id,
        row_number() over (
            partition by moment, customer_id
            order by
                coalesce(sum(net_spend), 0) desc,
                max(business_date) desc,
                store_id asc
        ) as place,
        count(*) over (partition by moment, customer_id) as stores
    from bought
    group by moment, customer_id, store_id
),

offered as (
    select
        moments.moment,
        listed.store_id,
        listed.series,
        count(distinct listed.receipt_id) as receipts
    from {{ ref('int_baskets__series_listed') }} as listed
    cross join {{ ref('int_grading__rules_stated') }} as rules
    inner join {{ ref('int_baskets__moments_stated') }} as moments
        on
            listed.business_date <= moments.list_date
            and listed.business_date
            > {{ add_days('moments.list_date', '-cast(rules.cross_sell_sold_days as integer)') }}
    group by moments.moment, listed.store_id, listed.series
),

candidates as (
    select
        stores.moment,
        stores.customer_id,
        stores.store_id,
        offered.series,
        offered.receipts as store_receipts
    from stores
    inner join offered
        on stores.moment = offered.moment and stores.store_id = offered.store_id
    left join owned
        on
            stores.moment = owned.moment
            and stores.customer_id = owned.customer_id
            and offered.series = owned.series
    where stores.place = 1 and owned.series is null
),

scored as (
    select
        candidates.moment,
        candidates.customer_id,
        candidates.series,
        candidates.store_receipts,
        pairs.series_a as because_of,
        pairs.receipts_both,
        pairs.receipts_a,
        cast(pairs.receipts_both as double) / pairs.receipts_a as confidence,
        cast(pairs.receipts_both as double) * pairs.receipts
        / (cast(pairs.receipts_a as double) * pairs.receipts_b) as lift
    from candidates
    cross join {{ ref('int_grading__rules_stated') }} as rules
    inner join owned
        on candidates.moment = owned.moment and candidates.customer_id = owned.customer_id
    left join {{ ref('int_baskets__pairs_counted') }} as pairs
        on
            candidates.moment = pairs.moment
            and owned.series = pairs.series_a
            and candidates.series = pairs.series_b
            and rules.cross_sell_min_receipts <= pairs.receipts_both
),

ranked as (
    select
        *,
        row_number() over (
            partition by moment, customer_id
            order by
                coalesce(confidence, 0) desc,
                store_receipts desc,
                series asc,
                because_of asc nulls last
        ) as place
    from scored
)

select
    owned_lists.moment,
    owned_lists.list_date,
    owned_lists.customer_id,
    owned_lists.series_owned,
    owned_lists.owned,
    stores.store_id as home_store_id,
    cast(stores.stores as integer) as stores,
    ranked.series as next_best,
    coalesce(ranked.confidence, case when ranked.series is not null then 0 end) as score,
    ranked.lift,
    case
        when ranked.series is null then 'every series sold at ' || stores.store_id || ' was bought'
        when ranked.because_of is null
            then
                'sold at ' || stores.store_id || ' on ' || cast(ranked.store_receipts as string)
                || ' receipts; no rule has receipts enough'
        else
            'bought ' || ranked.because_of || '; ' || cast(ranked.receipts_both as string)
            || ' of ' || cast(ranked.receipts_a as string) || ' receipts with it also hold '
            || ranked.series || ', ' || cast(cast(ranked.lift as decimal(8, 2)) as string)
            || ' times as often as any receipt; sold at ' || stores.store_id
    end as series_reason
from owned_lists
inner join stores
    on
        owned_lists.moment = stores.moment
        and owned_lists.customer_id = stores.customer_id
        and stores.place = 1
left join ranked
    on
        owned_lists.moment = ranked.moment
        and owned_lists.customer_id = ranked.customer_id
        and ranked.place = 1
