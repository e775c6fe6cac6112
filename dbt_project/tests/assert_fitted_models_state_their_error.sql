{{ config(meta={'requirements': ['MIS-04']}) }}

-- A model has a version and says what it is judged by; one that is fitted has an error, or the
-- reason why nothing can be judged yet; one that is not has a reason.
select *
from {{ ref('rpt_models') }}
where
    model_version = ''
    or error_measure = ''
    or (coalesce(error_value, naive_error_value) is null and reason is null)
    or (status <> 'fitted' and reason is null)
