{% set dimensions = ['complaint_type', 'cause', 'product_code', 'store_id'] %}

with listed as (
    {% for dimension in dimensions %}
    select
        cast(extract(year from received_date) as integer) as year,
        '{{ dimension }}' as dimension,
        coalesce({{ dimension }}, 'not stated') as item,
        count(*) as complaints
    from {{ ref('fct_complaint') }}
    group by 1, 2, 3
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

ranked as (
    select
        *,
        row_number() over (
            partition by year, dimension
            order by complaints desc, item asc
        ) as rank_no,
        sum(complaints) over (partition by year, dimension) as all_complaints,
        sum(complaints) over (
            partition by year, dimension
            order by complaints desc, item asc
            rows between unbounded preceding and current row
        ) as running_complaints
    from listed
)

select
    ranked.year,
    ranked.dimension,
    cast(ranked.rank_no as integer) as rank_no,
    ranked.item,
    cast(ranked.complaints as integer) as complaints,
    cast(ranked.complaints as double) / ranked.all_complaints as share,
    cast(ranked.running_complaints as double) / ranked.all_complaints as cumulative_share,
    context.as_of
from ranked
cross join {{ ref('int_build__context_stated') }} as context
