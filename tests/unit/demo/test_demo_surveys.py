"""Surveys: waves, anonymity, scales, recommendation."""

import pytest


@pytest.fixture(scope="module")
def answers(chain):
    answers = chain.tables["survey_responses"].to_pandas()
    answers["year"] = answers["responded_at"].dt.year
    return answers


@pytest.mark.requirement("SAT-06")
def test_anonymous_answers_name_nobody_and_no_exact_time(answers):
    anonymous = answers[answers["anonymous"]]
    linked = answers[~answers["anonymous"]]

    assert 0.4 < len(anonymous) / len(answers) < 0.7
    assert anonymous["customer_id"].isna().all()
    assert anonymous["updated_at"].isna().all()
    assert (anonymous["responded_at"] == anonymous["responded_at"].dt.normalize()).all()
    assert linked["customer_id"].notna().all()


def test_key_is_unique_and_a_response_agrees_with_itself(answers):
    assert not answers.duplicated(["wave_id", "response_id", "question_code"]).any()
    about = ["anonymous", "store_id", "responded_at", "mode", "trigger"]
    for column in about:
        assert answers.groupby("response_id")[column].nunique().max() == 1
    assert answers.groupby("response_id").size().min() >= 16


def test_two_waves_a_year_and_a_member_answers_once_a_wave(answers):
    assert answers.groupby("year")["wave_id"].nunique().tolist() == [2, 2, 2]
    linked = answers[answers["customer_id"].notna()]
    assert linked.groupby(["wave_id", "customer_id"])["response_id"].nunique().max() == 1


def test_scores_lie_within_their_scales_and_every_dimension_is_asked(answers):
    scored = answers[answers["score"].notna()]

    assert (scored["score"] >= scored["scale_min"]).all()
    assert (scored["score"] <= scored["scale_max"]).all()
    assert set(scored["dimension"]) == {
        "product", "service", "price", "after_sales", "marketing", "communication",
        "overall", "attitude", "recommend", "importance",
    }  # fmt: skip
    assert answers.loc[answers["dimension"] == "importance", "value_element"].nunique() == 14
    assert answers.loc[answers["dimension"] == "attitude", "product_series"].nunique() == 4
    assert set(answers["subject"]) == {"own", "甜里芋舍"}
    assert set(answers["trigger"]) == {"periodic", "new", "active", "lost", "complaint"}
    assert set(answers["mode"]) == {"store", "phone", "online", "app", "mail"}


@pytest.mark.requirement("SAT-14")
def test_net_promoter_score_is_plausible_and_rises(answers):
    recommend = answers[answers["dimension"] == "recommend"]
    score = recommend["score"].astype(int)
    nps = 100 * ((score >= 9).astype(int) - (score <= 6)).groupby(recommend["year"]).mean()

    assert set(score) <= set(range(11))
    assert nps.is_monotonic_increasing
    assert nps.between(5, 45).all()
    assert nps[2014] - nps[2012] > 10


def test_members_who_answer_have_bought_before(answers, lines):
    first = lines.groupby("customer_id")["sold_at"].min()
    linked = answers[answers["customer_id"].notna()]
    assert (linked["responded_at"] > linked["customer_id"].map(first)).all()


def test_remarks_come_in_both_languages_with_awkward_characters(answers):
    remarks = answers["verbatim"].dropna()

    assert len(remarks) > 100
    for character in ("芋", "Great", "😋", '"', ",", "\n"):
        assert remarks.str.contains(character, regex=False).any()
