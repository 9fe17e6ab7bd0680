"""A file of claims: every mistake is told at once, and nothing without a source enters."""

import pytest

from hinomi.errors import ScenarioError
from hinomi.evidence.bundled import load_evidence
from hinomi.evidence.conflict import groups
from hinomi.evidence.links import refuse_loose_ends
from hinomi.evidence.read import FORMAT, read_claims

GOOD = {
    "id": "a", "quantity": "q.one", "value": "60.1", "unit": "billion USD", "who": "a ministry",
    "where": "White paper, 2025", "as_of": "2025", "grade": "published",
}  # fmt: skip


def read(*claims, **top):
    return read_claims({"format": FORMAT, "claims": list(claims), **top}, "mine.toml")


def without(key):
    return {k: v for k, v in GOOD.items() if k != key}


def test_a_claim_is_kept_as_printed():
    (claim,) = read(GOOD).claims
    assert claim.words == "60.1 billion USD"
    assert claim.plain.value == pytest.approx(60.1e9)
    assert claim.currency == "USD"
    assert not claim.primary


def test_a_claim_without_source_does_not_enter():
    with pytest.raises(ScenarioError, match=r"mine\.toml: claims\[a\]: has no source.*`where`"):
        read(without("where"))


def test_who_may_come_from_a_table_of_sources_and_be_overridden():
    sources = {
        "paper": {"who": "a paper", "where": "Paper, 2024", "as_of": "2024", "grade": "literature"}
    }
    bare = {
        "id": "b",
        "quantity": "q",
        "value": 1,
        "unit": "1",
        "source": "paper",
        "who": "a minister",
    }
    (claim,) = read(bare, sources=sources).claims
    assert (claim.who, claim.where, claim.grade) == ("a minister", "Paper, 2024", "literature")
    with pytest.raises(
        ScenarioError, match=r"'papr' is no entry of \[sources\]; did you mean 'paper'"
    ):
        read(bare | {"source": "papr"}, sources=sources)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"who": ""}, r"who: is missing; say who says it"),
        ({"as_of": "yesterday"}, r"as_of is 'yesterday', which is no date"),
        ({"grade": "certain"}, r"grade: is 'certain'; it is one of published"),
        ({"kind": "sum"}, r"kind: is 'sum'; it is one of amount"),
        ({"value": "a lot"}, r"value is 'a lot', which is no number"),
        ({"unit": ""}, r"unit: is missing"),
        ({"kind": "name"}, r"a claim of kind name has `text` and no `value`"),
        ({"valeu": 3}, r"valeu: unknown key; did you mean 'value'"),
        ({"supports": "line.x"}, r"supports: is no list of keys"),
        ({"supports": [{"times": 2}]}, r"supports: .* names no key"),
        ({"fx_jpy_per_usd": 3}, r"fx_jpy_per_usd: is 3; a number from 50"),
        ({"price_year": "2024"}, r"price_year: is '2024'; a number from 1945"),
        ({"id": ""}, r"id: is missing"),
    ],
)
def test_each_mistake_says_what_and_what_is_allowed(change, words):
    with pytest.raises(ScenarioError, match=words):
        read(GOOD | change)


def test_all_mistakes_are_told_at_once():
    with pytest.raises(ScenarioError) as told:
        read(without("where"), GOOD | {"id": "b", "grade": "x", "value": "y"})
    assert str(told.value).count("\n") == 2


def test_a_file_says_its_form_and_holds_something():
    with pytest.raises(ScenarioError, match="format"):
        read_claims({"claims": [GOOD]}, "mine.toml")
    with pytest.raises(ScenarioError, match=r"\[\[claims\]\]"):
        read_claims({"format": FORMAT}, "mine.toml")
    with pytest.raises(ScenarioError, match="this id is there twice"):
        read(GOOD, GOOD)


def test_who_gives_to_whom_names_both():
    given = without("value") | {
        "kind": "reading",
        "quantity": "instrument.x.gives",
        "text": "Japan gives",
    }
    with pytest.raises(ScenarioError, match="Japan to United States"):
        read(given)


OWN = """
format = "hinomi/evidence/1"
topic = "mine"
[[claims]]
id = "mine-1"
quantity = "japan_defence_budget.jfy2025.draft"
basis = "with realignment"
period = "JFY2025"
value = "{value}"
unit = "{unit}"
who = "a newspaper"
where = "A newspaper, 27 December 2024"
as_of = "2024-12-27"
grade = "literature"
{more}
"""


def own(tmp_path, value="62", unit="billion USD", more=""):
    path = tmp_path / "mine.toml"
    path.write_text(OWN.format(value=value, unit=unit, more=more), encoding="utf-8")
    return path


def test_a_claim_of_ones_own_meets_the_bundled_ones(tmp_path):
    (group,) = groups(load_evidence(own(tmp_path)), topic="mine")
    assert group.worst == "conflict"
    assert {"mine-1", "jp-2025-draft-with"} <= {c.id for c in group.claims}


def test_money_of_another_kind_is_refused(tmp_path):
    with pytest.raises(
        ScenarioError, match=r"in EUR; exchange rates are known of JPY and USD only"
    ):
        groups(load_evidence(own(tmp_path, unit="billion EUR")))


def test_an_id_that_is_there_already_is_refused(tmp_path):
    path = own(tmp_path)
    path.write_text(path.read_text().replace('"mine-1"', '"jp-2025-60"'))
    with pytest.raises(ScenarioError, match=r"claims\[jp-2025-60\].*bundled"):
        load_evidence(path)


def test_a_support_that_leads_nowhere_is_refused_with_the_nearest(tmp_path):
    evidence = load_evidence(own(tmp_path, more='supports = ["line.pac3_us.rate_per_yeer"]'))
    with pytest.raises(ScenarioError, match=r"did you mean 'line\.pac3_us\.rate_per_year'"):
        refuse_loose_ends(evidence, "mine.toml")
