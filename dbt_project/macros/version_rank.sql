{# 1 for the version of a key that counts: the latest updated_at, then the latest export of its
   file, then a fixed order on the content, so that the order of arrival has no say. #}
{% macro version_rank(key, updated_at='updated_at') -%}
    row_number() over (
        partition by {{ key | join(', ') }}
        order by
            {% if updated_at -%}
                {{ updated_at }} desc nulls last,
            {%- endif %}
            exported_at desc nulls last,
            row_hash desc,
            load_id asc,
            file_row asc
    )
{%- endmacro %}
