-- A table of a row per buyer and moment. The next best series is one the customer never bought and
-- the home store sells; among these the one that most often stands on receipts with a series that
-- the customer knows, else the one on most receipts of the store. Home is where most was spent.
{{ config(materialized='table') }}

-- What was bought until the earlier moment counts for both: days are summed before moments are told
-- apart.
with dated as (
    select
        listed.customer_id,
        listed.series,
        listed.store_id,
        listed.business_date,
        listed.net_spend,
        case
            when listed.business_date <= ends.first_date then ends.first_date
            else ends.last_date
        end as counted_from_date
    from {{ ref('int_baskets__series_listed') }} as listed
    inner join (
        select
            min(list_date) as first_date,
            max(list_date) as last_date
        from {{ ref('int_baskets__moments_stated') }}
    ) as ends
        on listed.business_date <= ends.last_date
    where listed.customer_id is not null
),

summed as (
    select
        customer_id,
        series,
        store_id,
        counted_from_date,
        max(business_date) as last_date,
        sum(net_spend) as net_spend
    from dated
    group by customer_id, series, store_id, counted_from_date
),

bought as (
    select
        moments.moment,
        moments.list_date,
        summed.customer_id,
        summed.series,
        summed.store_id,
        summed.last_date,
        summed.net_spend
    from summed
    inner join {{ ref('int_baskets__moments_stated') }} as moments
        on summed.counted_from_date <= moments.list_date
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
                max(last_date) desc,
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

placed as (
    select
        owned_lists.*,
        stores.store_id,
        stores.stores
    from owned_lists
    inner join stores
        on
            owned_lists.moment = stores.moment
            and owned_lists.customer_id = stores.customer_id
            and stores.place = 1
),

-- Who know the same series and have the same home have the same next one: it is chosen for one of
-- them.
alike as (
    select
        moment,
        store_id,
        series_owned,
        owned,
        min(customer_id) as customer_id
    from placed
    group by moment, store_id, series_owned, owned
),

known as (
    select
        alike.moment,
        alike.customer_id,
        owned.series
    from alike
    inner join owned on alike.moment = owned.moment and alike.customer_id = owned.customer_id
),

candidates as (
    select
        alike.moment,
        alike.customer_id,
        alike.store_id,
        alike.series_owned,
        alike.owned,
        offered.series,
        offered.receipts as store_receipts
    from alike
    inner join offered
        on alike.moment = offered.moment and alike.store_id = offered.store_id
    left join known
        on
            alike.moment = known.moment
            and alike.customer_id = known.customer_id
            and offered.series = known.series
    where known.series is null
),

scored as (
    select
        candidates.moment,
        candidates.store_id,
        candidates.series_owned,
        candidates.owned,
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
    inner join known
        on candidates.moment = known.moment and candidates.customer_id = known.customer_id
    left join {{ ref('int_baskets__pairs_counted') }} as pairs
        on
            candidates.moment = pairs.moment
            and known.series = pairs.series_a
            and candidates.series = pairs.series_b
            and rules.cross_sell_min_receipts <= pairs.receipts_both
),

ranked as (
    select
        *,
        row_number() over (
            partition by moment, store_id, series_owned, owned
            order by
                coalesce(confidence, 0) desc,
                store_receipts desc,
                series asc,
                because_of asc nulls last
        ) as place
    from scored
)

select
    placed.moment,
    placed.list_date,
    placed.customer_id,
    placed.series_owned,
    placed.owned,
    placed.store_id as home_store_id,
    cast(placed.stores as integer) as stores,
    ranked.series as next_best,
    coalesce(ranked.confidence, case when ranked.series is not null then 0 end) as score,
    ranked.lift,
    case
        when ranked.series is null then 'every series sold at ' || placed.store_id || ' was bought'
        when ranked.because_of is null
            then
                'sold at ' || placed.store_id || ' on ' || cast(ranked.store_receipts as string)
                || ' receipts; no rule has receipts enough'
        else
            'bought ' || ranked.because_of || '; ' || cast(ranked.receipts_both as string)
            || ' of ' || cast(ranked.receipts_a as string) || ' receipts with it also hold '
            || ranked.series || ', ' || cast(cast(ranked.lift as decimal(8, 2)) as string)
            || ' times as often as any receipt; sold at ' || placed.store_id
    end as series_reason
from placed
left join ranked
    on
        placed.moment = ranked.moment
        and placed.store_id = ranked.store_id
        and placed.series_owned = ranked.series_owned
        and placed.owned = ranked.owned
        and ranked.place = 1
