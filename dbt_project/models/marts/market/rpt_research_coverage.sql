-- Without the drop that holds interviews and groups nobody can say that a wave had none.
select
    counted.wave_id,
    counted.method,
    counted.method_class,
    cast(
        case
            when
                counted.method <> 'survey'
                or {{ is_large_cell('counted.records', 'cells.value_number') }}
                then counted.records
        end as integer
    ) as records,
    case
        when counted.has_quantitative and counted.has_qualitative then 'both'
        when counted.has_qualitative then 'qualitative only'
        when delivered.is_delivered then 'quantitative only'
        else 'no data'
    end as status,
    context.as_of
from {{ ref('int_research__methods_counted') }} as counted
cross join {{ ref('int_build__context_stated') }} as context
inner join {{ ref('int_loads__feeds_delivered') }} as delivered
    on delivered.feed = 'ref_feedback'
left join {{ ref('int_parameters__periods_dated') }} as cells
    on
        cells.code = 'anonymity_min_cell'
        and context.as_of >= cells.valid_from
        and context.as_of < cells.valid_before
