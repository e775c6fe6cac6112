-- Five types and no sixth: whatever else a complaint carries waits as UNCLASSIFIED. What the chain
-- delivers about the classes goes before the map of the house.
with complaints as (
    select
        complaint_id,
        complaint_type as delivered_type,
        case when product_code is null then 'service' else 'product' end as about
    from {{ ref('int_complaints__received_localised') }}
)

select
    complaints.complaint_id,
    complaints.delivered_type,
    coalesce(types.complaint_type, 'UNCLASSIFIED') as complaint_type,
    complaints.about,
    case
        when types.complaint_type is null then 'UNCLASSIFIED'
        else coalesce(
            exact.class3,
            whole.class3,
            case complaints.about
                when 'product' then types.class3_of_product else types.class3_of_service
            end
        )
    end as class3
from complaints
left join {{ ref('ref_complaint_types') }} as types
    on complaints.delivered_type = types.complaint_type
left join {{ ref('stg_reference__complaint_map') }} as exact
    on
        complaints.delivered_type = exact.complaint_type
        and complaints.about = exact.about
left join {{ ref('stg_reference__complaint_map') }} as whole
    on
        complaints.delivered_type = whole.complaint_type
        and whole.about = 'any'
