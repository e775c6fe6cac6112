-- No join on the way loses or doubles a line: each winning line that is not void is a fact or waits
-- for its business date to close.
with sold as (
    select
        count(*) as line_count,
        coalesce(sum(sales.net_amount), 0) as net_amount
    from {{ ref('stg_pos__sale_versions') }} as sales
    left join {{ ref('int_sales__versions_replaced') }} as replaced
        on sales.load_id = replaced.load_id and sales.file_row = replaced.file_row
    where replaced.load_id is null and not sales.is_void
),

facts as (
    select
        count(*) as line_count,
        coalesce(sum(net_amount), 0) as net_amount
    from {{ ref('fct_sales') }}
),

-- Only a file with a sale of as_of or later can hold a line that waits: its business date comes at
-- most a day later.
late as (
    select distinct sales.load_id
    from {{ ref('stg_pos__sale_versions') }} as sales
    inner join {{ ref('int_build__context_stated') }} as context
        on coalesce(sales.delivered_business_date, cast(sales.sold_at as date)) >= context.as_of
),

waiting as (
    select
        count(*) as line_count,
        coalesce(sum(sales.net_amount), 0) as net_amount
    from {{ ref('int_sales__versions_dated') }} as sales
    cross join {{ ref('int_build__context_stated') }} as context
    left join {{ ref('int_sales__versions_replaced') }} as replaced
        on sales.load_id = replaced.load_id and sales.file_row = replaced.file_row
    where
        replaced.load_id is null
        and not sales.is_void
        and sales.business_date > context.as_of
        and sales.load_id in (select late.load_id from late)
)

select
    sold.line_count as lines_sold,
    facts.line_count as lines_in_facts,
    waiting.line_count as lines_waiting,
    sold.net_amount as net_amount_sold,
    facts.net_amount as net_amount_in_facts,
    waiting.net_amount as net_amount_waiting
from sold
cross join facts
cross join waiting
where
    sold.line_count <> facts.line_count + waiting.line_count
    or sold.net_amount <> facts.net_amount + waiting.net_amount
