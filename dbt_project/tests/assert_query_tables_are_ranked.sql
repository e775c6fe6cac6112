{{ config(meta={'requirements': ['YEAR-02', 'TIER-04']}) }}

-- The rows of the year tables, places 1 to n without gaps, spend never rising with the place.
with ranked as (
    select
        year,
        customer_id,
        spend_rank,
        net_spend,
        lag(net_spend) over (partition by year order by spend_rank asc) as spend_before,
        row_number() over (partition by year order by spend_rank asc) as place
    from {{ ref('rpt_customer_query') }}
)

select
    years.year,
    years.customer_id,
    ranked.customer_id as ranked_customer_id,
    ranked.spend_rank,
    ranked.place
from {{ ref('mart_customer_year') }} as years
full outer join ranked
    on years.customer_id = ranked.customer_id and years.year = ranked.year
where
    years.customer_id is null
    or ranked.customer_id is null
    or ranked.spend_rank <> ranked.place
    or ranked.net_spend > ranked.spend_before
