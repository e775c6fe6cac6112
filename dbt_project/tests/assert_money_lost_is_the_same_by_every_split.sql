{{ config(meta={'requirements': ['CHURN-11']}) }}

select
    year,
    count(distinct total) as totals
from (
    select
        year,
        dimension,
        sum(net_spend_lost) as total
    from {{ ref('rpt_churn_cost') }}
    group by year, dimension
) as splits
group by year
having count(distinct total) > 1 or count(*) < 4
