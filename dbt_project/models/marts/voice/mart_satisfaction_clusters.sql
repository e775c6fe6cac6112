{% set dimensions = ['product', 'service', 'price', 'after_sales', 'marketing', 'communication'] %}

-- Centres are means of the answers, so that they are the same whatever found the groups.
with members as (
    select
        clusters.calendar_year,
        coalesce(clusters.cluster, 0) as cluster,
        clusters.silhouette,
        clusters.status,
        {% for dimension in dimensions %}
        answers.{{ dimension }},
        {% endfor %}
        clusters.note
    from {{ ref('int_surveys__clusters_fitted') }} as clusters
    inner join {{ ref('int_surveys__responses_widened') }} as answers
        on clusters.respondent = answers.respondent
    where clusters.cluster is not null or clusters.status <> 'fitted'
),

centres as (
    select
        calendar_year,
        cluster,
        count(*) as respondents,
        max(silhouette) as silhouette,
        max(status) as status,
        {% for dimension in dimensions %}
        cast(sum(cast({{ dimension }} as decimal(18, 6))) as double) / count({{ dimension }})
            as {{ dimension }},
        {% endfor %}
        max(note) as note
    from members
    group by calendar_year, cluster
),

sides as (
    {% for dimension in dimensions %}
    select
        calendar_year,
        cluster,
        '{{ dimension }}' as dimension,
        {{ loop.index }} as position_no,
        {{ dimension }} as centre
    from centres
    where status = 'fitted'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

ranked as (
    select
        *,
        max(centre) over (partition by calendar_year, cluster) as highest,
        row_number() over (
            partition by calendar_year, cluster order by centre asc nulls last, position_no asc
        ) as place
    from sides
)

select
    cast(centres.calendar_year as integer) as year,
    cast(centres.cluster as integer) as cluster,
    {{ answers_label('centres.respondents', 'rules.anonymity_min_cell') }} as n_label,
    case
        when
            centres.status = 'fitted'
            and {{ is_large_cell('centres.respondents', 'rules.anonymity_min_cell') }}
            then
                cast(centres.respondents as double)
                / sum(centres.respondents) over (partition by centres.calendar_year)
    end as share,
    {% for dimension in dimensions %}
    case
        when centres.status = 'fitted'
            then
                {{ large_cell(
                    'centres.' ~ dimension, 'centres.respondents', 'rules.anonymity_min_cell'
                ) }}
    end as {{ dimension }},
    {% endfor %}
    {{ large_cell('weakest.dimension', 'centres.respondents', 'rules.anonymity_min_cell') }}
        as weakest_dimension,
    case
        when
            centres.status <> 'fitted'
            or not {{ is_large_cell('centres.respondents', 'rules.anonymity_min_cell') }}
            then cast(null as string)
        when weakest.centre >= rules.csat_target then 'keep and ask to recommend'
        when weakest.highest < rules.csat_target then 'win back'
        else 'mend ' || weakest.dimension
    end as strategy,
    centres.silhouette,
    centres.status,
    nullif(centres.note, '') as reason,
    rules.as_of
from centres
cross join {{ ref('int_surveys__rules_dated') }} as rules
left join ranked as weakest
    on
        centres.calendar_year = weakest.calendar_year
        and centres.cluster = weakest.cluster
        and weakest.place = 1
