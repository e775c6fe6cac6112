"""The verdict pages on Airflow's own server, for those who may see the run."""

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import requires_access_dag
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import HTMLResponse

from regulars.pages.place import page_path
from regulars.settings import load_settings

# Nothing in a page runs, loads or is framed elsewhere, whatever a delivered value may hold.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}

# Airflow puts no lock on what a plugin mounts: every route brings its own.
_READER = Depends(requires_access_dag("GET", DagAccessEntity.TASK_INSTANCE, "build_marts"))

app = FastAPI(title="Pages of Regulars", docs_url=None, redoc_url=None, openapi_url=None)


@app.get("/verdicts/{name}", dependencies=[_READER])
def verdict_page(name: str) -> HTMLResponse:
    """The page of that name, from the folder of pages and from nowhere else."""
    path = page_path(load_settings(), name)
    if path is None:
        raise HTTPException(404, "there is no such page")
    return HTMLResponse(path.read_text(encoding="utf-8"), headers=HEADERS)
