-- A field is known while one of its tables is: delivered within the days its contract promises.
select
    fields.field,
    fields.field_zh,
    cast(count(*) as integer) as tables,
    cast(count(case when fresh.status <> 'no data' then 1 end) as integer) as tables_delivered,
    cast(count(case when fresh.status = 'fresh' then 1 end) as integer) as tables_fresh,
    cast(count(case when fresh.status = 'fresh' then 1 end) as double) / count(*) as coverage,
    cast(min(fresh.days_since_delivery) as integer) as days_of_newest,
    cast(max(fresh.days_since_delivery) as integer) as days_of_oldest,
    case
        when count(case when fresh.status = 'fresh' then 1 end) > 0 then 'covered'
        when count(case when fresh.status = 'stale' then 1 end) > 0 then 'stale'
        else 'no data'
    end as status,
    context.as_of
from {{ ref('int_market__fields_listed') }} as fields
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('rpt_freshness') }} as fresh
    on fields.feed = fresh.feed and fresh.store_id is null
group by fields.field, fields.field_zh, context.as_of
