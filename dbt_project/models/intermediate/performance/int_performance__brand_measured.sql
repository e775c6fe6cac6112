-- The index needs all five measures: one that is missing would move it.
{% set parts = ['search_volume', 'exposure', 'word_of_mouth', 'awareness', 'reputation'] %}

select
    'brand_awareness' as kpi,
    period_kind,
    period_start,
    figure as kpi_value
from {{ ref('int_market__brand_indexed') }}
where measure = 'awareness'
union all
select
    'brand_influence' as kpi,
    period_kind,
    period_start,
    100 * cast(sum(cast(ratio as decimal(28, 9))) as double) / count(ratio) as kpi_value
from {{ ref('int_market__brand_indexed') }}
where measure in ('{{ parts | join("', '") }}')
group by period_kind, period_start
having count(ratio) = {{ parts | length }}
