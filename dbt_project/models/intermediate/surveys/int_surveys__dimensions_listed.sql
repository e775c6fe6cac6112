select
    dimension,
    name_zh,
    position_no
from {{ ref('ref_survey_dimensions') }}
