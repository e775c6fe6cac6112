{{ config(meta={'requirements': ['DQ-12', 'ARCH-08']}) }}

select
    figure,
    period_kind,
    period_start,
    version_before,
    version_after,
    difference
from {{ ref('rpt_restatements') }}
where
    difference = 0
    or version_before >= version_after
    or difference
    <> coalesce(rule_effect, 0) + coalesce(late_effect, 0) + coalesce(correction_effect, 0)
    + coalesce(identity_effect, 0) + coalesce(later_days_effect, 0) + not_split
    or (status = 'split' and (rule_effect is null or not_split <> 0))
