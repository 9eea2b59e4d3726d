"""`kith bench ties`: the protocol, the metrics, what a file may look like, and that nothing from the future is seen."""

from __future__ import annotations

import csv
import gzip
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kithbook.bench.tiebaselines import Past, bgnbd_log_odds, fit_bgnbd, log_gamma
from kithbook.bench.tiedata import DAY, cutoffs, default_horizon, read_events, snapshot, view_of
from kithbook.bench.tiemetrics import auc, auc_within, ece, log_loss
from kithbook.bench.ties import predict, run
from kithbook.core.errors import Invalid, NotFound

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "ties"
START = 1_000_000_000
BASELINES = {"recency", "contact_days", "overdue_ratio", "exp_decay_30d", "bg_nbd"}
METRICS = {"auc", "auc_within_ego", "auc_active", "log_loss", "brier", "ece"}


def village(days: int = 400, egos: int = 8, alters: int = 12, seed: int = 1) -> list[tuple[int, int, int]]:
    """Egos who write to each of their alters with its own rate, some of whom fall silent for good."""
    generator = np.random.default_rng(seed)
    rows = []
    for ego in range(egos):
        for alter in range(alters):
            end = generator.uniform(60, 2 * days)
            gap = generator.choice([3.0, 10.0, 40.0])
            day = generator.exponential(gap)
            while day < min(days, end):
                pair = (ego, 1000 + ego * alters + alter)
                rows.append((*(pair if generator.random() < 0.6 else pair[::-1]), START + int(day * DAY)))
                day += generator.exponential(gap)
    return sorted(rows, key=lambda row: row[2])


def write(path: Path, rows: list[tuple[Any, ...]], header: str = "source,target,unix_time") -> Path:
    text = header + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("ties") / "log.csv", village())


@pytest.fixture(scope="module")
def result(log: Path) -> dict[str, Any]:
    return run(log)


def test_the_output_has_the_fields_of_the_contract(result: dict[str, Any]) -> None:
    assert {"ties", "egos", "base_rate", "horizon_days", "model", "baselines", "seconds"} <= set(result)
    assert set(result["model"]) == METRICS
    assert set(result["baselines"]) == BASELINES
    assert all(set(metrics) == METRICS for metrics in result["baselines"].values())
    assert result["horizon_days"] == 30
    assert len(result["cutoffs"]) == 6
    json.dumps(result, allow_nan=False)


def test_the_model_ranks_far_better_than_chance_and_than_overdue(result: dict[str, Any]) -> None:
    assert result["model"]["auc"] > 0.75
    assert result["model"]["auc"] > result["baselines"]["overdue_ratio"]["auc"]
    low, high = result["confidence"]["auc"]
    assert low <= result["model"]["auc"] <= high


def test_the_metrics_can_be_recomputed_from_the_predictions(log: Path, result: dict[str, Any], tmp_path: Path) -> None:
    out = tmp_path / "predictions.csv"
    again = run(log, predictions=out)
    with out.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert list(rows[0]) == ["ego", "alter", "cutoff", "horizon_days", "p", "active", "y"]
    assert len(rows) == again["ties"] == result["ties"]
    p, y = np.array([float(row["p"]) for row in rows]), np.array([float(row["y"]) for row in rows])
    active = np.array([row["active"] == "1" for row in rows])
    assert auc(y, p) == again["model"]["auc"] == result["model"]["auc"]
    assert auc(y[active], p[active]) == again["model"]["auc_active"]
    assert log_loss(y, p) == again["model"]["log_loss"]
    assert ece(y, p) == again["model"]["ece"]


def test_labels_and_activity_are_what_the_log_says(log: Path, tmp_path: Path) -> None:
    out = tmp_path / "predictions.csv"
    run(log, predictions=out)
    pairs: dict[frozenset[str], list[int]] = {}
    for source, target, at in village():
        pairs.setdefault(frozenset((str(source), str(target))), []).append(at)
    with out.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            cutoff, window = int(row["cutoff"]), int(row["horizon_days"]) * DAY
            times = pairs[frozenset((row["ego"], row["alter"]))]
            assert (row["y"] == "1") == any(cutoff < at <= cutoff + window for at in times)
            assert (row["active"] == "1") == any(cutoff - window <= at <= cutoff for at in times)


def test_what_comes_after_a_cut_off_changes_no_prediction_made_there(tmp_path: Path) -> None:
    """After the cut-off every event goes to the ego's next tie instead: other labels, the same predictions."""
    rows = village()
    first, last = rows[0][2], rows[-1][2]
    moment = cutoffs(first, last, 30)[2]

    def next_tie(node: int) -> int:
        return node if node < 1000 else node + 1 if (node - 1000) % 12 < 11 else node - 11

    moved = [row if row[2] <= moment else (next_tie(row[0]), next_tie(row[1]), row[2]) for row in rows]
    logs = [read_events(write(tmp_path / name, log)) for name, log in (("a.csv", rows), ("b.csv", moved))]
    left, right = (
        snapshot(view_of(log, np.array([int(name) < 1000 for name in log.names])), moment, 30) for log in logs
    )
    assert (left.y[left.scored] != right.y[right.scored]).any()
    np.testing.assert_array_equal(left.scored, right.scored)
    np.testing.assert_array_equal(predict(left), predict(right))
    assert left.log.at.max() <= moment


def test_only_the_egos_asked_for_are_scored(log: Path, tmp_path: Path) -> None:
    egos = tmp_path / "egos.txt"
    egos.write_text("0\n3\n", encoding="utf-8")
    out = tmp_path / "out.csv"
    assert run(log, egos=egos, predictions=out)["egos"] == 2
    with out.open(encoding="utf-8") as lines:
        assert {row["ego"] for row in csv.DictReader(lines)} == {"0", "3"}


def test_the_horizon_can_be_chosen_and_must_fit(log: Path) -> None:
    assert run(log, horizon=60)["horizon_days"] == 60
    with pytest.raises(Invalid, match="too long"):
        run(log, horizon=300)
    with pytest.raises(Invalid, match="above 0"):
        run(log, horizon=-1)


def test_a_compressed_log_with_more_columns_in_another_order_gives_the_same(
    log: Path, result: dict[str, Any], tmp_path: Path
) -> None:
    rows = [("mail", at, target, source, "") for source, target, at in village()]
    other = run(write(tmp_path / "log.csv.gz", rows, "kind,unix_time,target,source,duration"))
    assert other["model"] == result["model"]


def test_rows_without_sense_are_left_out_and_counted(result: dict[str, Any], tmp_path: Path) -> None:
    bad = [("1", "2"), ("1", "1", START), ("", "2", START), ("1", "2", "yesterday"), ("1", "2", "1e300")]
    other = run(write(tmp_path / "log.csv", [*bad, *village()]))
    assert other["rows_skipped"] == len(bad)
    assert other["model"] == result["model"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "lacks the column source"),
        (b"source,target\n1,2\n", "lacks the column unix_time"),
        (b"source,target,unix_time\n", "no usable row"),
        (b"\x1f\x8bnothing", "cannot be read"),
        (b"source,target,unix_time\n\xff\xfe\xfa,1,2\n", "cannot be read"),
        (b"source,target,unix_time\n1,2,0\n2,1,86400\n", "spans 1 days"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_a_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match=message):
        run(path)


def test_a_missing_file_and_strange_egos_are_refused_in_a_sentence(log: Path, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        run(tmp_path / "none.csv")
    with pytest.raises(NotFound):
        run(log, egos=tmp_path / "none.txt")
    (tmp_path / "egos.txt").write_text("nobody\n", encoding="utf-8")
    with pytest.raises(Invalid, match="None of the ids"):
        run(log, egos=tmp_path / "egos.txt")


def test_mail_to_more_than_ten_is_a_broadcast_but_a_diary_day_with_many_people_is_none(tmp_path: Path) -> None:
    many = [(1, target, START) for target in range(2, 13)]
    assert len(read_events(write(tmp_path / "a.csv", [*many, (1, 2, START + 9)])).at) == 1
    ten = read_events(write(tmp_path / "b.csv", many[:10]))
    assert set(ten.size.tolist()) == {10}
    diary = read_events(write(tmp_path / "c.csv", [(*row, "diary") for row in many], "source,target,unix_time,kind"))
    assert len(diary.at) == 11
    assert set(diary.size.tolist()) == {1}


def test_a_log_of_broadcasts_only_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="broadcasts only"):
        run(write(tmp_path / "a.csv", [(1, target, START) for target in range(2, 13)]))


def test_nobody_to_score_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="Nobody in this log"):
        run(write(tmp_path / "a.csv", [(1, 2, START + k * DAY) for k in range(400)]))


def test_the_default_horizon_is_the_largest_that_fits_five_times() -> None:
    assert [default_horizon(days) for days in (150, 449, 450, 900, 1825)] == [30, 30, 90, 180, 365]
    assert cutoffs(0, 1000 * DAY, 100)[0] == 400 * DAY
    assert cutoffs(0, 1000 * DAY, 100)[-1] == 900 * DAY


def test_the_area_under_the_curve_counts_ties_half() -> None:
    assert auc(np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.1, 0.9, 0.5, 0.5])) == 0.875
    assert auc(np.array([1.0, 1.0]), np.array([0.1, 0.9])) is None
    groups = np.array([1, 2, 1, 2])
    assert auc_within(groups, np.array([0.0, 1.0, 1.0, 1.0]), np.array([0.1, 0.9, 0.5, 0.5])) == 1.0


def test_calibration_error_is_the_gap_between_promise_and_outcome() -> None:
    assert ece(np.array([1.0, 0.0, 0.0, 0.0]), np.full(4, 0.25)) == pytest.approx(0.0)
    assert ece(np.array([1.0, 1.0, 0.0, 0.0]), np.full(4, 0.9)) == pytest.approx(0.4)


def test_log_gamma_is_the_one_of_the_library() -> None:
    for x in (0.01, 0.5, 1.0, 3.7, 250.0):
        assert float(log_gamma(x)) == pytest.approx(math.lgamma(x), abs=1e-9)


def test_bg_nbd_finds_the_population_it_was_drawn_from() -> None:
    """Fitted on 3,000 simulated ties it promises as many contacts as then come."""
    generator = np.random.default_rng(5)
    r, alpha, a, b, age, horizon = 0.8, 20.0, 0.6, 2.5, 365.0, 90.0
    days, between, later = [], [], []
    for _ in range(3000):
        rate, drop = generator.gamma(r, 1 / alpha), generator.beta(a, b)
        at, count, last, alive = 0.0, 1, 0.0, True
        while alive and (at := at + generator.exponential(1 / rate)) <= age:
            count, last = count + 1, at
            alive = generator.random() > drop
        days.append(count)
        between.append(last)
        later.append(alive and at <= age + horizon)
    past = Past(np.array(days, float), age - np.array(between), np.array(between), np.zeros(len(days)))
    p = 1 / (1 + np.exp(-bgnbd_log_odds(past, fit_bgnbd(past), horizon)))
    assert p.mean() == pytest.approx(np.mean(later), abs=0.03)


@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data/ties")
def test_the_model_is_ahead_of_every_baseline_on_a_real_log() -> None:
    found = run(DATA / "clear" / "moritz.csv.gz", horizon=180)
    assert found["model"]["log_loss"] < min(metrics["log_loss"] for metrics in found["baselines"].values())
    assert found["model"]["auc"] > max(metrics["auc"] for metrics in found["baselines"].values()) - 0.005
