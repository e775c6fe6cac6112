{{ config(meta={'requirements': ['COMP-05']}) }}

-- A closed complaint without a violation of the six steps has taken all but one of the five: of the
-- two halves of feedback one may do for both.
select
    complaints.complaint_id,
    count(steps.reached_at) as steps_taken
from {{ ref('fct_complaint') }} as complaints
inner join {{ ref('rpt_complaint_five_steps') }} as steps
    on complaints.complaint_id = steps.complaint_id
where complaints.closed_at is not null and not complaints.process_violation
group by complaints.complaint_id
having
    count(case when steps.five_step_no <= 3 then steps.reached_at end) < 3
    or count(case when steps.five_step_no >= 4 then steps.reached_at end) < 1
