"""Whether a message is answered: a prior, and what an owner's own answers teach."""

from __future__ import annotations

import numpy as np
import pytest

from kithbook.core.replies import BUCKET_DAYS, learn_replies, reply_probability
from kithbook.core.tiestate import CHANNEL_CODES

SHAPE = (len(BUCKET_DAYS), len(CHANNEL_CODES))
NONE = np.zeros(SHAPE)


def q(model: object, silence: float, channel: str = "email") -> float:
    return float(reply_probability(model, silence, channel))  # type: ignore[arg-type]


def test_odds_of_an_answer_fall_by_a_fifth_per_doubling_of_silence() -> None:
    prior = learn_replies(NONE, NONE)
    odds = [q(prior, days) / (1 - q(prior, days)) for days in (14, 28, 56)]
    assert odds[1] / odds[0] == pytest.approx(0.8)
    assert odds[2] / odds[1] == pytest.approx(0.8)
    assert q(prior, 1) == q(prior, 14)
    assert 0.54 <= q(prior, 180) / q(prior, 21) <= 0.83


def counts(answered: float, unanswered: float, channel: str) -> tuple[np.ndarray, np.ndarray]:
    yes, no = NONE.copy(), NONE.copy()
    yes[1, CHANNEL_CODES[channel]], no[1, CHANNEL_CODES[channel]] = answered, unanswered
    return yes, no


def test_answers_raise_and_silence_lowers_what_is_expected() -> None:
    prior, good, bad = (q(learn_replies(*counts(a, b, "email")), 21) for a, b in ((0, 0), (20, 0), (0, 20)))
    assert bad < prior < good


def test_many_messages_outweigh_the_prior() -> None:
    assert q(learn_replies(*counts(900, 100, "email")), 21) == pytest.approx(0.9, abs=0.01)
    assert q(learn_replies(*counts(9, 91, "email")), 21) == pytest.approx(0.09, abs=0.04)


def test_what_is_learnt_on_one_channel_moves_the_others_less() -> None:
    model, prior = learn_replies(*counts(0, 40, "message")), learn_replies(NONE, NONE)
    assert q(model, 21, "message") < q(model, 21, "call") < q(prior, 21, "call")


def test_counts_of_another_shape_are_refused_and_codes_are_taken_one_per_tie() -> None:
    with pytest.raises(ValueError, match="shape"):
        learn_replies(np.zeros(3), np.zeros(3))
    model = learn_replies(*counts(0, 40, "message"))
    codes = np.array([CHANNEL_CODES["message"], CHANNEL_CODES["call"]])
    both = reply_probability(model, np.array([21.0, 200.0]), codes)
    assert both.tolist() == [q(model, 21, "message"), q(model, 200, "call")]
