-- The years of the sheets are the last three of the data.
with newest as (
    select max(calendar_year) as last_year
    from {{ ref('int_build__years_listed') }}
)

select
    sheets.sheet_no,
    case
        when sheets.year_offset is null then sheets.sheet_zh
        else
            replace(
                sheets.sheet_zh, '{year}', cast(newest.last_year - sheets.year_offset as string)
            )
    end
        as sheet_zh,
    case
        when sheets.year_offset is null then sheets.object_name
        else
            replace(
                sheets.object_name, '{year}', cast(newest.last_year - sheets.year_offset as string)
            )
    end
        as object_name,
    sheets.mart,
    cast(newest.last_year - sheets.year_offset as integer) as sheet_year,
    cast(newest.last_year - 2 as integer) as window_from_year,
    sheets.tier,
    sheets.seed_ref
from {{ ref('ref_workbook_sheets') }} as sheets
cross join newest
