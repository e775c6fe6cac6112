{{ config(meta={'requirements': ['PERF-18']}) }}

-- Packs follow each other without a gap or an overlap up to as_of, hold all sales once, and a year
-- that is over has 52 or 53 weeks and 12 months.
with followed as (
    select
        pack_kind,
        pack_year,
        period_start,
        period_end,
        as_of,
        lead(period_start) over (partition by pack_kind order by period_start asc) as next_start
    from {{ ref('rpt_meeting_pack') }}
),

span as (
    select
        min(pack_year) as first_year,
        extract(year from max(as_of)) as last_year
    from {{ ref('rpt_meeting_pack') }}
),

years as (
    select
        packs.pack_kind,
        packs.pack_year,
        count(*) as packs
    from {{ ref('rpt_meeting_pack') }} as packs
    inner join span on packs.pack_year > span.first_year and packs.pack_year < span.last_year
    group by packs.pack_kind, packs.pack_year
),

sums as (
    select
        pack_kind,
        sum(net_sales) as net_sales
    from {{ ref('rpt_meeting_pack') }}
    group by pack_kind
)

select
    pack_kind,
    cast(period_start as string) as place
from followed
where
    next_start <> {{ add_days('period_end', 1) }}
    or (next_start is null and as_of not between period_start and period_end)
union all
select
    pack_kind,
    cast(pack_year as string) as place
from years
where packs not in (52, 53, 12) or (pack_kind = 'month') <> (packs = 12)
union all
select
    sums.pack_kind,
    'sales' as place
from sums
cross join (select sum(net_amount_chain) as net_sales from {{ ref('fct_sales') }}) as facts
where sums.net_sales is distinct from facts.net_sales
