"""A client of Airflow's REST API that outlasts what a busy SQLite does to it."""

import json
import time
from pathlib import Path

import httpx

from regulars.errors import RegularsError

# SQLite answers "database is locked" under load, and a moment later it does not.
PAUSES = (0.5, 1, 2, 4)


class Api:
    """The REST API at ``url``, as the user whose password stands in ``password_file`` (JSON)."""

    def __init__(
        self,
        url: str,
        user: str,
        password_file: Path,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._user, self._password_file = user, password_file
        # A proxy of the environment has no business with the loopback interface.
        self._http = httpx.Client(base_url=url, trust_env=False, timeout=30, transport=transport)

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def get(self, path: str, **params: object) -> dict:
        """The JSON answer to ``GET /api/v2/<path>``.

        Raises:
            RegularsError: Airflow does not answer, or refuses; with its words.
        """
        return self._ask("GET", path, params=params)

    def post(self, path: str, body: dict) -> dict:
        """The JSON answer to ``POST /api/v2/<path>``; ``{}`` for what exists already (409).

        As ``get`` otherwise.
        """
        return self._ask("POST", path, json=body)

    def _ask(self, method: str, path: str, **request: object) -> dict:
        problem = ""
        for pause in (0, *PAUSES):
            time.sleep(pause)
            try:
                if "authorization" not in self._http.headers:
                    self._log_in()
                answer = self._http.request(method, f"/api/v2/{path}", **request)
            except httpx.TransportError as error:
                problem = f"Airflow does not answer at {self._http.base_url}: {error}"
                continue
            if answer.status_code == httpx.codes.CONFLICT:
                return {}
            if answer.is_success:
                return answer.json() if answer.content else {}
            problem = f"Airflow refused {method} {path}: {answer.status_code} {answer.text}"
            if answer.status_code == httpx.codes.UNAUTHORIZED:
                del self._http.headers["authorization"]
            elif answer.is_client_error:
                break
        raise RegularsError(problem)

    def _log_in(self) -> None:
        password = json.loads(self._password_file.read_text())[self._user]
        answer = self._http.post("/auth/token", json={"username": self._user, "password": password})
        if answer.is_client_error:
            raise RegularsError(
                f"{self._http.base_url} does not take the password in {self._password_file}: "
                "is it the Airflow of another home?"
            )
        if answer.is_success:
            self._http.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
