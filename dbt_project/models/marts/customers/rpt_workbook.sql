{{ config(post_hook="{{ workbook_views() }}") }}

-- depends_on: {{ ref('int_build__years_listed') }}
-- depends_on: {{ ref('int_workbook__labels_listed') }}

-- Sheets of a year hold its rows; those of tiers every year, the others the last three.
with held as (
    select
        'mart_customer_year' as mart,
        year,
        cast(null as string) as tier
    from {{ ref('mart_customer_year') }}
    union all
    select
        'rpt_customer_query' as mart,
        year,
        tier
    from {{ ref('rpt_customer_query') }}
    union all
    select
        'mart_loyalty_matrix' as mart,
        year,
        null as tier
    from {{ ref('mart_loyalty_matrix') }}
    union all
    select
        'mart_perceived_value' as mart,
        year,
        null as tier
    from {{ ref('mart_perceived_value') }}
    union all
    select
        'rpt_loyalty_comparison' as mart,
        year_3 as year,
        null as tier
    from {{ ref('rpt_loyalty_comparison') }}
    union all
    select
        'rpt_abc_movement' as mart,
        year,
        null as tier
    from {{ ref('rpt_abc_movement') }}
)

select
    sheets.sheet_no,
    sheets.sheet_zh,
    sheets.object_name,
    sheets.mart,
    sheets.sheet_year,
    sheets.tier,
    cast(count(held.mart) as integer) as rows_held,
    context.as_of
from {{ ref('int_workbook__sheets_named') }} as sheets
cross join {{ ref('int_build__context_stated') }} as context
left join held
    on
        sheets.mart = held.mart
        and (sheets.sheet_year is null or sheets.sheet_year = held.year)
        and (sheets.tier is null or sheets.tier = held.tier)
        and (
            sheets.sheet_year is not null
            or sheets.tier is not null
            or sheets.window_from_year <= held.year
        )
group by
    sheets.sheet_no, sheets.sheet_zh, sheets.object_name, sheets.mart, sheets.sheet_year,
    sheets.tier, context.as_of
