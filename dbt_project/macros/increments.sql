{# An incremental model keeps its rows but those of the keys that `touched` lists: `leave_out` is
   its hook and takes them out, `only_touched` is the condition under which it makes them anew.
   `keys` are columns of both; where they have other names in the list, these are `listed`.
   Rows for which `besides` holds are made anew in any case. #}
{% macro leave_out(touched, keys, besides=none, listed=none) -%}
{%- set relation = ref(touched) -%}
{%- if is_incremental() -%}
delete from {{ this }}
where ({{ keys | join(', ') }}) in (select {{ (listed or keys) | join(', ') }} from {{ relation }})
{%- if besides %} or {{ besides }}{% endif -%}
{%- endif -%}
{%- endmacro %}


{% macro only_touched(touched, keys, besides=none, listed=none) -%}
{%- set relation = ref(touched) -%}
{%- if is_incremental() -%}
where ({{ keys | join(', ') }}) in (select {{ (listed or keys) | join(', ') }} from {{ relation }})
{%- if besides %} or {{ besides }}{% endif -%}
{%- endif -%}
{%- endmacro %}
