select
    element,
    element_class,
    name_zh,
    position_no
from {{ ref('ref_value_elements') }}
