{# An incremental model keeps its rows but those of the keys that `touched` lists: `leave_out` is
   its hook and takes them out, `only_touched` is the condition under which it makes them anew.
   `always` is a condition of the rows that every build makes anew. #}
{% macro leave_out(touched, keys, always=none) -%}
{%- set relation = ref(touched) -%}
{%- if is_incremental() -%}
delete from {{ this }}
where ({{ keys | join(', ') }}) in (select {{ keys | join(', ') }} from {{ relation }})
{%- if always %} or {{ always }}{% endif -%}
{%- endif -%}
{%- endmacro %}


{% macro only_touched(touched, keys, always=none) -%}
{%- set relation = ref(touched) -%}
{%- if is_incremental() -%}
where ({{ keys | join(', ') }}) in (select {{ keys | join(', ') }} from {{ relation }})
{%- if always %} or {{ always }}{% endif -%}
{%- endif -%}
{%- endmacro %}
