{% set influences = [
    ('quality', '产品/服务质量'),
    ('experience', '客户体验'),
    ('reputation', '企业信誉和品牌形象'),
    ('relationship', '客户关系维护'),
    ('price', '价格策略'),
] %}

-- Every year has all five influences: a fit without one of them is none.
with influences as (
    {% for influence, name_zh in influences %}
    select
        {{ loop.index }} as influence_no,
        '{{ influence }}' as influence,
        '{{ name_zh }}' as influence_zh
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

years as (
    select
        calendar_year,
        max(status) as status,
        max(fit_note) as note,
        max(n) as n,
        max(r2) as r2
    from {{ ref('int_retention__influences_fitted') }}
    group by calendar_year
),

discounts as (
    select
        calendar_year,
        cast(sum(discount_amount) as double)
        / nullif(cast(sum(net_spend + discount_amount) as double), 0) as discount_dependency
    from {{ ref('int_customers__years_summarised') }}
    group by calendar_year
)

select
    cast(years.calendar_year as integer) as year,
    influences.influence_no,
    influences.influence,
    influences.influence_zh,
    fits.coef as coefficient,
    fits.se as standard_error,
    fits.p_value,
    fits.beta,
    years.r2,
    cast(years.n as integer) as n,
    coalesce(case when fits.state = 'kept' then 'fitted' else fits.state end, years.status)
        as status,
    coalesce(nullif(fits.note, ''), nullif(years.note, '')) as reason,
    discounts.discount_dependency,
    coverage.coverage_pct,
    context.as_of
from years
cross join influences
cross join {{ ref('int_build__context_stated') }} as context
left join {{ ref('int_retention__influences_fitted') }} as fits
    on
        years.calendar_year = fits.calendar_year
        and influences.influence = fits.feature
left join discounts on years.calendar_year = discounts.calendar_year
left join {{ ref('int_sales__coverage_measured') }} as coverage
    on years.calendar_year = coverage.calendar_year
