select
    element,
    element_class,
    name_zh,
    position_no
from {{ ref('int_value__elements_listed') }}
