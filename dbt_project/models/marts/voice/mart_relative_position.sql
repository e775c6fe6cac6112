-- Elements are compared by performance, dimensions by satisfaction. What no rival was asked for has
-- a row that says so.
with answers as (
    select
        calendar_year,
        case when role = 'performance' then 'element' else 'dimension' end as item_type,
        case when role = 'performance' then value_element else dimension end as item,
        subject,
        count(distinct respondent) as respondents,
        cast(sum(score_100) as double) / count(*) as mean_100
    from {{ ref('int_surveys__ratings_kept') }}
    where role = 'satisfaction' or (role = 'performance' and value_element is not null)
    group by
        calendar_year,
        case when role = 'performance' then 'element' else 'dimension' end,
        case when role = 'performance' then value_element else dimension end,
        subject
),

items as (
    select
        'element' as item_type,
        element as item
    from {{ ref('int_value__elements_listed') }}
    union all
    select
        'dimension' as item_type,
        dimension as item
    from {{ ref('int_surveys__dimensions_listed') }}
),

years as (
    select distinct calendar_year
    from {{ ref('int_surveys__waves_listed') }}
),

compared as (
    select
        items.item_type,
        items.item,
        years.calendar_year,
        coalesce(rivals.subject, 'none asked') as competitor,
        coalesce(own.respondents, 0) as own_respondents,
        coalesce(rivals.respondents, 0) as rival_respondents,
        own.mean_100 as own_mean_100,
        rivals.mean_100 as rival_mean_100
    from items
    cross join years
    left join answers as own
        on
            items.item_type = own.item_type
            and items.item = own.item
            and years.calendar_year = own.calendar_year
            and own.subject = 'own'
    left join answers as rivals
        on
            items.item_type = rivals.item_type
            and items.item = rivals.item
            and years.calendar_year = rivals.calendar_year
            and rivals.subject <> 'own'
),

shown as (
    select
        compared.*,
        rules.anonymity_min_cell as min_cell,
        rules.as_of,
        {{ large_cell(
            'compared.own_mean_100', 'compared.own_respondents', 'rules.anonymity_min_cell'
        ) }} as own_shown,
        {{ large_cell(
            'compared.rival_mean_100', 'compared.rival_respondents', 'rules.anonymity_min_cell'
        ) }} as rival_shown
    from compared
    cross join {{ ref('int_value__rules_dated') }} as rules
)

select
    item_type,
    item,
    calendar_year as year,
    competitor,
    case when own_respondents > 0 then {{ answers_label('own_respondents', 'min_cell') }} end
        as own_n_label,
    case when rival_respondents > 0 then {{ answers_label('rival_respondents', 'min_cell') }} end
        as rival_n_label,
    own_shown as own_mean_100,
    rival_shown as rival_mean_100,
    own_shown - rival_shown as relative_position,
    case
        when own_respondents = 0 or rival_respondents = 0 then 'no data'
        when own_shown is null or rival_shown is null then 'insufficient'
        else 'compared'
    end as status,
    as_of
from shown
