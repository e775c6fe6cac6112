from regulars.trace import requirement_ids, trace_lines


def test_catalogue_has_342_items():
    ids = requirement_ids()
    assert len(ids) == 342
    assert {"FEED-01", "MKT-26", "SEC-12"} <= set(ids)


def test_an_id_passes_only_if_all_its_checks_do():
    checks = [
        {"id": "A-01", "check": "one", "result": "passed"},
        {"id": "A-01", "check": "two", "result": "failed"},
        {"id": "A-02", "check": "one", "result": "passed"},
        {"id": "Z-99", "check": "one", "result": "passed"},
    ]
    assert list(trace_lines(checks, ["A-01", "A-02", "A-03"])) == [
        "A-01\tone\tpassed",
        "A-01\ttwo\tfailed",
        "A-02\tone\tpassed",
        "A-03\t\tmissing",
        "Z-99\tis not in requirements.md\tfailed",
        "1 of 3 pass",
    ]
