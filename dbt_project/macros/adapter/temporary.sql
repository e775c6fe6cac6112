{# The table that an incremental model writes before its rows are taken over. The rows of a Python model
   go through a connection of their own, where a temporary table would stay unseen: the adapter makes an
   ordinary one of it and, taking it for temporary, leaves it. Said to be ordinary, it is dropped after
   the commit; under the name of the intermediate table what a killed night left goes before the next. #}
{% macro duckdb__dispatch_temporary_relation(target_relation, batch_id='') %}
    {%- if model['language'] == 'python' -%}
        {{ return({'relation': make_intermediate_relation(target_relation), 'temporary': false}) }}
    {%- endif -%}
    {{ return({'relation': make_temp_relation(target_relation), 'temporary': true}) }}
{% endmacro %}
