-- Steps one to five count by their first time, feedback (step six) by its last: an early answer to
-- the customer is the first response and no breach of the order.
with times as (
    select
        complaints.complaint_id,
        complaints.received_at,
        steps.confirmed_at,
        steps.analysed_at,
        steps.planned_at,
        steps.carried_out_at,
        steps.last_feedback_at,
        steps.closed_at
    from {{ ref('int_complaints__received_localised') }} as complaints
    left join {{ ref('int_complaints__steps_pivoted') }} as steps
        on complaints.complaint_id = steps.complaint_id
),

listed as (
    {% for step_no, step, column in [
        (1, 'received', 'received_at'),
        (2, 'confirmed', 'confirmed_at'),
        (3, 'analysed', 'analysed_at'),
        (4, 'planned', 'planned_at'),
        (5, 'carried_out', 'carried_out_at'),
        (6, 'feedback', 'last_feedback_at'),
    ] %}
    select
        complaint_id,
        {{ step_no }} as step_no,
        '{{ step }}' as step,
        {{ column }} as done_at,
        closed_at
    from times
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

compared as (
    select
        *,
        max(case when closed_at is not null then 6 when done_at is not null then step_no end)
            over (partition by complaint_id)
            as furthest_step_no,
        max(done_at) over (
            partition by complaint_id
            order by step_no asc
            rows between unbounded preceding and 1 preceding
        ) as earlier_steps_done_at
    from listed
),

violations as (
    select
        complaint_id,
        step_no,
        case
            when done_at is null and step_no < furthest_step_no then 'skipped ' || step
            when done_at is null and step_no = furthest_step_no then 'closed without ' || step
            when done_at < earlier_steps_done_at then step || ' out of order'
        end as violation
    from compared
)

select
    complaint_id,
    count(violation) > 0 as has_violation,
    {{ text_list('violation', '; ', 'step_no') }} as violation_reason
from violations
group by complaint_id
