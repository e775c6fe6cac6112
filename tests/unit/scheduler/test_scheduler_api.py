import itertools
import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from regulars.errors import RegularsError
from regulars.scheduler import api
from regulars.scheduler.api import Api

Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def connect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Answer], Api]:
    monkeypatch.setattr(api, "PAUSES", (0, 0))
    password_file = tmp_path / "passwords.json"
    password_file.write_text(json.dumps({"admin": "secret"}))

    def connect(answer: Answer) -> Api:
        tokens = itertools.count(1)

        def handle(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/auth/token":
                known = json.loads(request.content) == {"username": "admin", "password": "secret"}
                return httpx.Response(201 if known else 401, json={"access_token": next(tokens)})
            return answer(request)

        return Api("http://airflow", "admin", password_file, httpx.MockTransport(handle))

    return connect


def test_requests_carry_the_token(connect) -> None:
    api = connect(lambda request: httpx.Response(200, json=dict(request.headers)))
    assert api.get("dags")["authorization"] == "Bearer 1"


def test_a_locked_database_is_asked_again(connect) -> None:
    answers = iter([httpx.Response(500), httpx.Response(503), httpx.Response(200, json={"a": 1})])
    assert connect(lambda _: next(answers)).get("dags") == {"a": 1}


def test_what_goes_on_failing_is_told(connect) -> None:
    with pytest.raises(RegularsError, match="GET dags: 500 database is locked"):
        connect(lambda _: httpx.Response(500, text="database is locked")).get("dags")


def test_a_refusal_is_not_asked_again(connect) -> None:
    asked = []

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(400, text="no such date")

    with pytest.raises(RegularsError, match="no such date"):
        connect(refuse).post("dags/x/dagRuns", {})
    assert len(asked) == 1


def test_what_exists_already_is_no_error(connect) -> None:
    assert connect(lambda _: httpx.Response(409)).post("pools", {}) == {}


def test_an_expired_token_is_renewed(connect) -> None:
    def expired(request: httpx.Request) -> httpx.Response:
        sent = request.headers["authorization"]
        return httpx.Response(401 if sent == "Bearer 1" else 200, json={"sent": sent})

    assert connect(expired).get("dags") == {"sent": "Bearer 2"}


def test_an_airflow_that_is_down_is_named(connect) -> None:
    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(RegularsError, match="does not answer at http://airflow"):
        connect(down).get("dags")


def test_another_homes_airflow_is_told(connect, tmp_path: Path) -> None:
    (tmp_path / "passwords.json").write_text(json.dumps({"admin": "other"}))
    with pytest.raises(RegularsError, match="another home"):
        connect(lambda _: httpx.Response(200, json={})).get("dags")
