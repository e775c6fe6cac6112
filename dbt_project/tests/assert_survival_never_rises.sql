{{ config(meta={'requirements': ['LOY-07']}) }}

select
    cohort_month,
    month_start,
    survived,
    survived_before
from (
    select
        cohort_month,
        month_start,
        survived,
        lag(survived, 1, base) over (partition by cohort_month order by month_start asc)
            as survived_before
    from {{ ref('mart_cohort_month') }}
) as triangle
where survived > survived_before
