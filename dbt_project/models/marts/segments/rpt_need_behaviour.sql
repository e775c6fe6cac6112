select
    cast(pairs.need as string) as need,
    cast(pairs.behaviour as string) as behaviour,
    cast(pairs.n as integer) as n,
    cast(pairs.cramers_v as double) as cramers_v,
    cast(pairs.chi_square as double) as chi_square,
    cast(pairs.degrees_of_freedom as integer) as degrees_of_freedom,
    cast(pairs.p_value as double) as p_value,
    cast(pairs.need_value as string) as need_value,
    cast(pairs.behaviour_value as string) as behaviour_value,
    cast(pairs.customers as integer) as customers,
    cast(pairs.lift as double) as lift,
    cast(pairs.error_share as double) as error_share,
    cast(pairs.naive_error_share as double) as naive_error_share,
    cast(pairs.status as string) as status,
    cast(nullif(pairs.note, '') as string) as reason,
    context.as_of
from {{ ref('int_segments__associations_measured') }} as pairs
cross join {{ ref('int_build__context_stated') }} as context
