{{ config(meta={'requirements': ['LOY-15']}) }}

with totals as (
    select
        (select coalesce(sum(members), 0) from {{ ref('rpt_level_by_tier') }}) as crossed,
        (
            select count(*) from {{ ref('dim_customer') }}
            where member_level is not null
        ) as members
)

select *
from totals
where crossed <> members
