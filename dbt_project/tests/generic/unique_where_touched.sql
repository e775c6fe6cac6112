{# `columns` tell the rows of an incremental model apart. Rows of keys that nothing touched stand as
   the build that wrote them tested them, and none of tonight's has such a key: `only_touched` makes
   those of touched keys alone, after `leave_out` took out all that had one of these. So tonight's
   are tested, and all rows where no build is remembered. #}
{% test unique_where_touched(model, columns, touched, keys) %}
select {{ columns | join(', ') }}
from {{ model }}
where ({{ keys | join(', ') }}) in (select {{ keys | join(', ') }} from {{ ref(touched) }})
group by {{ columns | join(', ') }}
having count(*) > 1
union all
select {{ columns | join(', ') }}
from {{ model }}
cross join (
    select facts.n
    from (select count(*) as n from {{ ref('int_build__facts_remembered') }}) as facts
    where facts.n = 0
) as nothing_remembered
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}
