with changed as (
    select
        texts.*,
        aliases.corrected_value
    from {{ ref('stg_lake__texts') }} as texts
    left join {{ ref('int_quality__aliases_dated') }} as aliases
        on texts.alias_domain = aliases.domain and texts.cleaned_value = aliases.alias
    where texts.delivered_value <> coalesce(aliases.corrected_value, texts.cleaned_value)
)

select
    changed.feed,
    changed.load_id,
    changed.file_row,
    delivered.row_key,
    changed.column_name,
    changed.delivered_value as before_value,
    coalesce(changed.corrected_value, changed.cleaned_value) as after_value,
    changed.half_width_value <> changed.delivered_value as is_width,
    changed.trimmed_value <> changed.half_width_value as is_blanks,
    changed.cleaned_value <> changed.trimmed_value as is_case,
    coalesce(changed.corrected_value <> changed.cleaned_value, false) as is_alias
from changed
inner join {{ ref('stg_lake__rows') }} as delivered
    on
        changed.feed = delivered.feed
        and changed.load_id = delivered.load_id
        and changed.file_row = delivered.file_row
