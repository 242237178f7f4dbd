"""The decision, the reasons, the limits and the stresses, by the rows of a small comparison."""

import attrs
import numpy as np
import pytest

from stakingmodels import report, simulate
from stakingmodels.errors import InputError, InputTypeError, UnknownNameError
from stakingmodels.report.committee import committee_sections, decide
from stakingmodels.report.policy import LIMITS, Policy, keeps, policy_of
from stakingmodels.report.stresses import stresses_of
from stakingmodels.scenarios import EPISODES, stress


def texts(comparison, policy):
    """Sections by name, as text."""
    found = {}
    for section in committee_sections(comparison, policy):
        parts = [block.body.to_text() if block.kind == "table" else str(block.body) for block in section.blocks]
        found[section.name] = "\n".join(parts)
    return found


def test_the_best_by_the_rule_is_chosen(small):
    decision = decide(small, Policy())
    rows = sorted(small.rows, key=lambda row: -row.excess_return)
    assert [row.product for row in decision.passing] == [row.product for row in rows]
    by_cost = decide(small, policy_of("p", {"max_es": 1.0, "best_by": "cost"}))
    assert by_cost.best is not None
    assert by_cost.best.product == "hold"


def test_a_limit_takes_the_best_away_and_says_why(small):
    best = decide(small, Policy()).best
    assert best is not None
    policy = policy_of("p", {"max_probability_of_loss": best.probability_of_loss - 1e-9})
    decision = decide(small, policy)
    assert decision.broken[best.product] == ("max_probability_of_loss",)
    said = texts(small, policy)
    assert f"Choose: {best.product}" not in said["decision"]
    (line,) = [line for line in said["alternatives"].splitlines() if line.startswith(best.product)]
    assert "breaks a limit: chance of a loss at most" in line
    assert f"is {best.probability_of_loss:.2%}" in line


def test_where_nothing_passes_nothing_is_chosen(small):
    said = texts(small, policy_of("p", {"min_excess_return": 1.0}))
    assert said["decision"].endswith("No decision: none of the 3 products keeps all limits.")
    assert "✗" in said["limits"]


def test_a_bound_itself_is_kept(small):
    row = small.rows[0]
    for key, (column, unit) in LIMITS.items():
        if unit == "flag":
            continue
        value = getattr(row, column)
        assert keeps(row, key, value)
        assert not keeps(row, key, np.nextafter(value, np.inf if key.startswith("min_") else -np.inf))
        assert not keeps(attrs.evolve(row, **{column: np.nan}), key, value)


def test_what_must_be_left_early(small):
    row = attrs.evolve(small.rows[0], can_leave_early=False)
    assert not keeps(row, "must_leave_early", 1.0)
    assert keeps(small.rows[0], "must_leave_early", 1.0)


BAD = {
    "unknown": ({"max_days_to_cahs": 30}, r"did you mean 'max_days_to_cash'"),
    "no limit": ({"name": "ours"}, r"must hold a limit, .*write max_days_to_cash = 30"),
    "percent": ({"max_es": 5}, r"max_es: must be a fraction in \[0, 1\], got 5 \(percent\? write 0\.05\)"),
    "text": ({"max_es": "5 %"}, r"max_es: must be a number"),
    "negative": ({"max_days_to_cash": -1}, r"max_days_to_cash: must be in \[0,"),
    "flag": ({"must_leave_early": 1}, r"must_leave_early"),
    "column": ({"max_es": 0.5, "best_by": "excess_retrun"}, r"best_by: .*did you mean 'excess_return'"),
    "table": ({"limits": {"max_es": 0.5}}, r"must be one of"),
}


@pytest.mark.parametrize(("table", "message"), BAD.values(), ids=BAD)
def test_a_policy_that_is_refused(table, message):
    with pytest.raises((InputError, InputTypeError), match=message):
        policy_of("policy", table)


def test_a_policy_from_a_file(tmp_path):
    file = tmp_path / "policy.toml"
    file.write_text('name = "ours"\nmax_days_to_cash = 30\nbest_by = "cost"\n', encoding="utf-8")
    policy = policy_of("report.write: policy", str(file))
    assert (policy.name, policy.best_by) == ("ours", "cost")
    assert dict(policy.limits) == {"max_infeasible": 0.05, "max_days_to_cash": 30.0}
    file.write_text("max_days_to_csh = 3", encoding="utf-8")
    with pytest.raises(UnknownNameError, match=r"^report\.write: policy: 'policy\.toml'"):
        policy_of("report.write: policy", file)


def test_a_bad_policy_is_refused_before_anything_is_written(tmp_path, small):
    with pytest.raises(UnknownNameError):
        report.write(small, tmp_path / "r.html", policy={"max_dyas": 3})
    assert list(tmp_path.iterdir()) == []


def test_stresses_are_runs_of_the_same_paths(small):
    found = stresses_of(small)
    assert set(found.returns) | set(found.left_out) == {"", *EPISODES}
    assert found.n_paths == 64
    for row in small.rows:
        total, more = found.returns[""][row.product]
        assert total == pytest.approx(row.return_mean, rel=1e-12)
        assert more == pytest.approx(
            np.mean(small.results[row.product].returns - small.results[row.product].asset_growth + 1.0)
        )
    assert found.left_out["ezETH 2024-04"] == 'the scenario has no MarketRatio("ezETH")'
    assert found.left_out["exchange failure 2022-11"] == "no product has an event of kind custodian"
    results = small.results
    world = stress("stETH 2022-06", results.scenario, day=found.day)
    again = simulate(
        results.products, world, results.grid, capital=100_000.0, n_paths=64, rng=7, event_sampling="stratified"
    )
    assert found.returns["stETH 2022-06"]["token"][0] == pytest.approx(float(np.mean(again["token"].returns)))


def test_a_contract_that_fails_strikes_the_products_that_have_one(small):
    found = stresses_of(small)
    assert found.returns["Balancer 2025-11"]["pool"][1] < -0.4
    assert found.returns["Balancer 2025-11"]["hold"][1] == pytest.approx(0.0, abs=1e-12)
