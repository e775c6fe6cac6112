{{ config(meta={'requirements': ['COMP-01', 'COMP-02', 'COMP-03', 'COMP-15']}) }}

-- Whatever the cut, every complaint is counted once, and a type has one class per kind.
with counted as (
    select sum(complaints) as complaints
    from {{ ref('mart_complaint') }}
),

facts as (
    select count(*) as complaints
    from {{ ref('fct_complaint') }}
)

select
    counted.complaints as in_mart,
    facts.complaints as in_facts
from counted
cross join facts
where coalesce(counted.complaints, 0) <> facts.complaints
