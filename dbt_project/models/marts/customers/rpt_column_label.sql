select
    labels.column_name,
    labels.label_zh,
    context.as_of
from {{ ref('int_workbook__labels_listed') }} as labels
cross join {{ ref('int_build__context_stated') }} as context
