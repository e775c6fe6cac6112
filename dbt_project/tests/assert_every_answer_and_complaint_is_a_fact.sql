with totals as (
    select
        (select count(*) from {{ ref('fct_survey_response') }}) as answer_facts,
        (select count(*) from {{ ref('stg_surveys__responses') }}) as answers,
        (select count(*) from {{ ref('mart_complaint_sla') }}) as complaint_facts,
        (select count(*) from {{ ref('stg_complaints__complaints') }}) as complaints
)

select
    answer_facts,
    answers,
    complaint_facts,
    complaints
from totals
where answer_facts <> answers or complaint_facts <> complaints
