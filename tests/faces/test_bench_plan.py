"""The simulation of policies: its worlds behave, its luck is shared, its numbers are reproducible."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from kithbook.bench import plan, planlogs, planpolicies, planworlds
from kithbook.bench.planadvice import Advice
from kithbook.bench.plansim import simulate

GUARDED = ("cadence, guarded", "index, guarded", "perfect, guarded")
LOGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "ties"


@pytest.fixture(scope="module")
def village() -> planworlds.Village:
    return planworlds.draw_village("test", 2, 40, np.random.default_rng(5))


@pytest.fixture(scope="module")
def result() -> dict[str, object]:
    return plan.run(3, 1, weeks=30, budgets=(1.6,), mistakes=["as assumed", "everyone answers"], policies=None)


def test_the_report_has_every_cell_and_compares_with_fixed_cadence(result: dict[str, object]) -> None:
    cells = result["cells"]
    assert len(cells) == 3 * 2 * len(planpolicies.POLICIES)
    assert {cell["ratio"] for cell in cells if cell["policy"] == plan.CADENCE} == {1.0}
    assert all(0 <= cell[key] <= 1 for cell in cells for key in ("warmth", "alive", "wasted", "answered", "proven"))
    assert next(iter(result)) == "summary"
    summary = result["summary"][0]
    ratios = [cell["ratio"] for cell in cells if cell["policy"] == plan.OURS]
    assert summary["cells"] == 6
    assert summary["mean_ratio"] == pytest.approx(np.mean(ratios), abs=1e-3)
    assert summary["worst_cell"]["ratio"] == pytest.approx(min(ratios), abs=1e-3)
    assert summary["cells_below_0.97"] == pytest.approx(np.mean(np.array(ratios) < 0.97), abs=1e-3)
    json.dumps(result)


def test_every_rule_of_thumb_spends_the_same_touches_and_the_planner_never_more(result: dict[str, object]) -> None:
    for world in {cell["world"] for cell in result["cells"]}:
        spent = {
            c["policy"]: c["touches"] for c in result["cells"] if c["world"] == world and c["mistake"] == "as assumed"
        }
        full = spent.pop("fixed cadence")
        ours = spent.pop("kithbook")
        assert spent.pop("nothing") == 0
        assert all(0.9 * full <= spent.pop(name) <= full for name in GUARDED)
        assert set(spent.values()) == {full}
        assert 0.9 * full <= ours <= full


def test_touching_somebody_beats_touching_nobody(result: dict[str, object]) -> None:
    nothing = [c["ratio"] for c in result["cells"] if c["policy"] == "nothing"]
    assert max(nothing) < 1.0


def test_the_table_has_a_row_for_each_policy(result: dict[str, object]) -> None:
    rows = plan.tabulate(result, "as assumed", "village")
    assert [row[0] for row in rows] == list(planpolicies.POLICIES)
    assert {len(row) for row in rows} == {5}


MAKERS = [planworlds.make_kernel_world, planworlds.make_fading_world, planworlds.make_two_state_world]
AS_ASSUMED = planworlds.MISTAKES[0]


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_seed_gives_the_same_outcome(village: planworlds.Village, make: planworlds.MakeWorld) -> None:
    outcomes = {
        simulate(
            village, make, AS_ASSUMED, planpolicies.by_index, per_tie_and_year=1.6, seed=9, weeks=30, made_up=True
        ).warmth
        for _ in range(2)
    }
    assert len(outcomes) == 1


@pytest.mark.parametrize("make", MAKERS)
def test_warmth_in_every_world_falls_in_silence_and_rises_with_an_exchange(
    village: planworlds.Village, make: planworlds.MakeWorld
) -> None:
    rng = np.random.default_rng(1)
    lived, world = planworlds.live(village, make, AS_ASSUMED, rng)
    log = planworlds.Log(lived)
    before = world.warmth(log)
    for _ in range(20):
        world.advance(rng.random(len(lived)))
        log.now += 7
    silent = world.warmth(log)
    assert (silent <= before + 1e-12).all()
    rows = np.arange(len(lived))
    world.note(rows, 1.0, np.zeros(len(lived)))
    log.add(rows, 1.0)
    assert (world.warmth(log) > silent - 1e-12).all()
    assert world.warmth(log).mean() > silent.mean()


@pytest.mark.parametrize("make", MAKERS)
def test_a_made_up_past_begins_when_the_tie_does_and_shows_who_is_close(
    village: planworlds.Village, make: planworlds.MakeWorld
) -> None:
    lived, world = planworlds.live(village, make, AS_ASSUMED, np.random.default_rng(2))
    known = np.isfinite(lived.ages)
    assert known.any(axis=1).all()
    assert (np.where(known, lived.ages, 0).max(axis=1) <= village.ages[:, 0] + 7).all()
    warmth = world.warmth(planworlds.Log(lived))
    often = known.sum(axis=1) > np.median(known.sum(axis=1))
    assert warmth[often].mean() > warmth[~often].mean()


def test_the_planner_learns_how_often_it_is_answered(village: planworlds.Village) -> None:
    log, advice = planworlds.Log(village), Advice(village)
    first = advice.reply(log).mean()
    rows = np.arange(len(village))
    for _ in range(10):
        advice.learn(log, rows, np.ones(len(rows), dtype=bool))
    assert first < 0.6
    assert advice.reply(log).mean() > 0.9


def test_the_planner_folds_exchanges_and_unanswered_messages_as_the_product_does(village: planworlds.Village) -> None:
    log, advice = planworlds.Log(village), Advice(village)
    cold, rows = advice.warmth(log), np.arange(len(village))
    advice.exchange(log, rows[:1])
    advice.learn(log, rows[1:2], np.array([False]))
    assert advice.warmth(log)[0] > cold[0]
    assert advice.states["unanswered"].tolist()[:3] == [0, 1, 0]
    assert advice.gain(log)[0] == advice.cycle_gain(log)[1] == 0.0
    log.now += 7
    assert advice.gain(log)[1] > 10 * advice.cycle_gain(log)[1] > 0.0
    expected = advice.owner_reply(log)
    assert advice.reply(log)[1] == pytest.approx(expected[1] * 4 / 5)


def test_perfect_knowledge_reaches_more_than_any_other_way_in_every_village() -> None:
    found = plan.run(5, 1, weeks=104, budgets=(1.6,), mistakes=["as assumed"], policies=None)
    for world in plan.VILLAGES:
        ratio = {cell["policy"]: cell["ratio"] for cell in found["cells"] if cell["world"] == world}
        known = max(ratio.pop(name) for name in ("perfect knowledge", "perfect, guarded"))
        assert known >= max(ratio.values()) - 0.03, world


def test_whoever_tires_of_messages_answers_less_until_they_forget() -> None:
    """Three in a row leave .8³ = .51 of the chance; one that is answered all of it; half is forgotten in 90 days."""
    patience, rows = planworlds.Patience(2, 0.8), np.arange(2)
    for _ in range(3):
        patience.note(rows, np.array([False, False]))
    assert patience.left() == pytest.approx([0.512, 0.512])
    patience.note(rows[:1], np.array([True]))
    assert patience.left()[0] == 1.0
    for _ in range(13):
        patience.advance()
    assert patience.left()[1] == pytest.approx(0.8**1.5, abs=0.01)


def test_where_nobody_minds_patience_never_ends() -> None:
    patience = planworlds.Patience(1, planworlds.MISTAKES[0].patience)
    patience.note(np.arange(1), np.array([False]))
    assert patience.left()[0] == 1.0


def test_cells_compare_with_cadence_under_the_same_guard_as_well(result: dict[str, object]) -> None:
    cells = result["cells"]
    assert {cell["ratio_guarded"] for cell in cells if cell["policy"] == plan.GUARDED} == {1.0}
    summary = result["summary"][0]
    ratios = [cell["ratio_guarded"] for cell in cells if cell["policy"] == plan.OURS]
    assert summary["guarded"]["mean_ratio"] == pytest.approx(np.mean(ratios), abs=1e-3)


def test_the_error_of_a_ratio_comes_from_leaving_out_one_owner_at_a_time() -> None:
    """Three owners: without one of them the ratios are 5/3, 4/4 and 3/3, mean 11/9; the error is √(⅔ · Σ squares)."""
    assert plan.standard_error([((1.0, 2.0, 3.0), (2.0, 1.0, 2.0))]) == pytest.approx(
        np.sqrt(2 / 3 * ((np.array([5 / 3, 4 / 4, 3 / 3]) - 11 / 9) ** 2).sum())
    )
    assert plan.standard_error([((1.0,), (2.0,))]) is None
    assert plan.standard_error([((2.0, 2.0), (1.0, 1.0)), ((3.0,), (1.0,))]) == 0.0


def test_with_several_owners_the_report_tells_how_sure_each_ratio_is() -> None:
    found = plan.run(3, 3, weeks=30, budgets=(1.6,), mistakes=["as assumed"], policies=["random"])
    assert all(len(cell["each"]) == 3 for cell in found["cells"])
    assert {cell["error"] for cell in found["cells"] if cell["policy"] == plan.CADENCE} == {0.0}
    assert all(0 < cell["error"] < 0.2 for cell in found["cells"] if cell["policy"] == "random")
    for cell in found["cells"]:
        assert cell["warmth"] == pytest.approx(np.mean(cell["each"]))


def test_the_planner_keeps_the_needy_guard(village: planworlds.Village) -> None:
    """After two unanswered touches nobody is proposed for sixty days, however much the index likes them."""
    log = planworlds.Log(village)
    log.unanswered[:] = 2
    log.touched[:] = -30.0
    turn = planpolicies.Turn(
        village, log, Advice(village), np.array([3, 3]), np.random.default_rng(0), np.ones(80), np.ones(80)
    )
    assert len(planpolicies.by_plan(turn)) == 0
    log.touched[:] = -61.0
    assert len(planpolicies.by_plan(turn)) == 6


def write_log(path: Path, people: int = 30, days: int = 900) -> None:
    """One writer who exchanges with each alter at a rhythm of their own."""
    rng = np.random.default_rng(0)
    lines = ["source,target,unix_time,kind,duration"]
    for alter in range(1, people + 1):
        for day in np.cumsum(rng.exponential(4 + 3 * alter, 300)):
            if day < days:
                source, target = (0, alter) if rng.random() < 0.5 else (alter, 0)
                lines.append(f"{source},{target},{int(day * 86400)},letter,")
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write("\n".join(lines))


def test_a_log_becomes_a_village_with_constants_of_its_own(tmp_path: Path) -> None:
    write_log(tmp_path / "clear" / "edison.csv.gz")
    logs = planlogs.find_logs(tmp_path)
    assert list(logs) == ["edison"]
    events = planlogs.read_events(logs["edison"])
    assert planlogs.pick_owners(events, 3) == [0]
    village = planlogs.village_of("edison", events, 3, np.random.default_rng(0))
    assert village is not None
    assert 15 <= len(village) <= 30
    fitted = planlogs.fit_kernel([events])
    assert fitted is not None
    assert fitted.b > 0.3
    found = plan.run(
        seed=1,
        egos=1,
        logs=tmp_path,
        weeks=30,
        budgets=(1.6,),
        mistakes=["as assumed"],
        policies=["random"],
        worlds=("log",),
    )
    assert {cell["world"] for cell in found["cells"]} == {"log: edison"}


def test_a_log_that_is_too_short_is_left_out(tmp_path: Path) -> None:
    write_log(tmp_path / "clear" / "edison.csv.gz", days=120)
    events = planlogs.read_events(planlogs.find_logs(tmp_path)["edison"])
    assert planlogs.fit_kernel([events]) is None
    assert [place.name for place in plan.make_places(1, 1, tmp_path)] == [
        "village, own kind", "village, fading", "village, two states",
    ]  # fmt: skip


@pytest.mark.skipif(not LOGS.is_dir(), reason="the interaction logs in ../shared/data/ties are not here")
def test_constants_hardly_move_from_log_to_log() -> None:
    logs = planlogs.find_logs(LOGS)
    fits = [planlogs.fit_kernel([planlogs.read_events(logs[name])]) for name in ("edison", "moritz", "spener")]
    assert all(fit is not None and -2.8 < fit.a < -1.2 and 0.7 < fit.b < 1.5 for fit in fits)
