{% set rules = ['width', 'blanks', 'case', 'alias'] %}

-- Which file an answer came in could lead back to an anonymous person; its key is kept.
select
    corrected.feed,
    case when corrected.feed <> 'survey_responses' then corrected.load_id end as load_id,
    case when corrected.feed <> 'survey_responses' then corrected.file_row end as file_row,
    corrected.row_key,
    corrected.column_name,
    corrected.before_value,
    corrected.after_value,
    trim(
        {% for rule in rules %}
        case when corrected.is_{{ rule }} then '{{ rule }} ' else '' end{{ " ||" if not loop.last }}
        {% endfor %}
    ) as rule,
    context.as_of
from {{ ref('int_quality__values_corrected') }} as corrected
cross join {{ ref('int_build__context_stated') }} as context
