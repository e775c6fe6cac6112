select
    degrees_of_freedom,
    quantile_95
from {{ ref('ref_chi_square') }}
