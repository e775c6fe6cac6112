"""What a night that is sent without dbt tells of its tests, and how its nodes share memory."""

from time import sleep

import duckdb
import pytest

from regulars.warehouse.statements import _in_order, _run_node


@pytest.mark.parametrize(
    ("failures", "severity", "told"),
    [
        (0, "warn", ("pass", 0, None)),
        (1, "warn", ("warn", 1, "Got 1 result, configured to warn if != 0")),
        (3, "WARN", ("warn", 3, "Got 3 results, configured to warn if != 0")),
        (3, "ERROR", ("warn", 3, "Got 3 results, configured to warn if != 0")),
        (6, "error", ("fail", 6, "Got 6 results, configured to fail if >5")),
    ],
)
def test_a_test_tells_of_tonight(failures, severity, told):
    node = {
        "resource_type": "test",
        "config": {"severity": severity, "warn_if": "!= 0", "error_if": ">5"},
    }
    text = f"select {failures} as failures, {failures} != 0 as warns, {failures} > 5 as fails"
    with duckdb.connect() as cursor:
        found = _run_node(cursor, node, [{"text": text, "answer": None}])
    assert (found["status"], found["failures"], found["message"]) == told


def test_what_fails_is_named():
    node = {"name": "mart_gone", "resource_type": "model", "language": "sql"}
    statements = [{"text": "select * from gone", "answer": None}]
    with duckdb.connect() as cursor, pytest.raises(duckdb.CatalogException, match=r"^mart_gone: "):
        _run_node(cursor, node, statements)


class Machine:
    """Runs nodes; those of ``dear`` find no memory the first time, and tell who runs the second."""

    def __init__(self, dear: set[str]) -> None:
        self.dear, self.running, self.beside, self.ended = dear, set(), {}, []

    def run(self, node_id: str) -> None:
        self.running.add(node_id)
        try:
            if node_id in self.dear and node_id not in self.beside:
                self.beside[node_id] = None
                raise duckdb.OutOfMemoryException("failed to pin block")
            self.beside[node_id] = self.running - {node_id}
            sleep(0.01)
            self.ended.append(node_id)
        finally:
            self.running.remove(node_id)


def test_what_wants_too_much_memory_runs_again_alone():
    reads = {node_id: set() for node_id in "aebcghi"} | {"d": {"a"}, "f": {"d", "e"}}
    machine = Machine(dear={"a", "e"})
    _in_order(reads, machine.run, 2)
    assert sorted(machine.ended) == sorted(reads)
    assert machine.ended.index("a") < machine.ended.index("d") < machine.ended.index("f")
    assert machine.beside["a"] == machine.beside["e"] == set()


def test_what_wants_too_much_memory_even_alone_fails():
    def run(node_id: str) -> None:
        if node_id == "a":
            raise duckdb.OutOfMemoryException("failed to pin block")

    with pytest.raises(duckdb.OutOfMemoryException):
        _in_order({"a": set(), "b": set(), "c": {"a"}}, run, 2)
