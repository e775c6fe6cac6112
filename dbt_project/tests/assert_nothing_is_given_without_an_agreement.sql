{{ config(meta={'requirements': ['SEC-12']}, severity='warn') }}

-- A warning: an agreement entered late must not keep yesterday's figures on the screens.
select entry_no
from {{ ref('audit_access_log') }}
where agreement_status = 'no valid agreement'
