select
    column_name,
    label_zh
from {{ ref('ref_column_labels') }}
