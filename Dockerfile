# The images of docker-compose.yml; see docs/install-compose.md.
FROM python:3.11.14-slim-bookworm AS build
RUN pip install --no-cache-dir --root-user-action=ignore uv==0.13.9
WORKDIR /opt/regulars
# Libraries first: they change seldom, so a change of the code costs one small layer.
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --locked --no-dev --extra cluster --no-install-project --compile-bytecode --no-cache
COPY plugins plugins
RUN uv sync --locked --no-dev --extra cluster --compile-bytecode --no-cache
COPY dags dags
COPY dbt_project dbt_project
COPY expectations expectations
COPY dashboards dashboards
COPY docs docs
COPY regulars.toml ./
RUN mkdir -p /empty /home-of-regulars/airflow /home-of-regulars/landing /home-of-regulars/published

FROM python:3.11.14-slim-bookworm AS airflow
RUN groupadd --gid 10001 regulars \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/regulars regulars
COPY --from=build /opt/regulars /opt/regulars
# Named volumes take their owner from here.
COPY --from=build --chown=10001:10001 /home-of-regulars /var/lib/regulars
ENV PATH=/opt/regulars/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /opt/regulars
USER 10001:10001

FROM minio/minio:RELEASE.2025-09-07T16-13-09Z AS object-store
COPY --from=build --chown=10001:10001 /empty /objects
USER 10001:10001

FROM apache/superset:5.0.0 AS superset
USER root
RUN . /app/.venv/bin/activate \
    && uv pip install --no-cache psycopg2-binary==2.9.13 duckdb==1.5.5 duckdb-engine==0.17.0
USER superset
