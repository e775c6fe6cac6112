-- The first label given is the initial assessment; due times follow it, whatever comes later.
with labelled as (
    select
        complaint_id,
        complexity,
        row_number() over (partition by complaint_id order by version_no asc) as label_no
    from {{ ref('stg_complaints__versions') }}
    where complexity is not null
)

select
    complaints.complaint_id,
    complaints.complexity,
    coalesce(labelled.complexity, 'general') as assessed_complexity,
    case
        when labelled.complexity is null then 'default'
        when labelled.complexity = complaints.complexity then 'assessed'
        else 'relabelled'
    end as complexity_source
from {{ ref('stg_complaints__complaints') }} as complaints
left join labelled on complaints.complaint_id = labelled.complaint_id and labelled.label_no = 1
