"""Pages, versions and runbooks on Airflow's own server, for those who may see the run."""

from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import requires_access_dag
from fastapi import Depends, FastAPI, HTTPException
from fastapi.responses import FileResponse, HTMLResponse

from regulars.pages.place import dashboard_path, page_path, runbook_path, version_path
from regulars.pages.verdict import render_overview
from regulars.settings import load_settings

# Nothing in a page runs, loads or is framed elsewhere, whatever a delivered value may hold.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}

# Charts are drawn by scripts beside the page; Vega makes functions of its expressions.
DASHBOARD_HEADERS = HEADERS | {
    "Content-Security-Policy": HEADERS["Content-Security-Policy"]
    + "; script-src 'self' 'unsafe-eval'; img-src data:"
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


@app.get("/overview", dependencies=[_READER])
def overview() -> HTMLResponse:
    """What readers see now and what was loaded last; shown inside of Airflow's own pages."""
    return HTMLResponse(render_overview(), headers=HEADERS)


@app.get("/dashboards/{version}/{name}", dependencies=[_READER])
def dashboard(version: str, name: str) -> FileResponse:
    """A page of the dashboards of a version, or a script beside it."""
    path = dashboard_path(load_settings(), version, name)
    if path is None:
        raise HTTPException(404, "there is no such page")
    media = "text/html" if path.suffix == ".html" else "text/javascript"
    return FileResponse(path, media_type=media, headers=DASHBOARD_HEADERS)


@app.get("/versions/{version}", dependencies=[_READER])
def said_of_version(version: str) -> FileResponse:
    """What a version was made of and what the checks found."""
    path = version_path(load_settings(), version)
    if path is None:
        raise HTTPException(404, "there is no such version")
    return FileResponse(path, media_type="application/json", headers=HEADERS)


@app.get("/runbooks/{name}", dependencies=[_READER])
def runbook(name: str) -> FileResponse:
    """What to do, as it is written."""
    path = runbook_path(name)
    if path is None:
        raise HTTPException(404, "there is no such page")
    return FileResponse(path, media_type="text/plain; charset=utf-8", headers=HEADERS)
