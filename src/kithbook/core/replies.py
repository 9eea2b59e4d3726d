"""Whether a message is answered: learnt per owner from answers, by silence and channel.

log-odds of an answer = base + owner + channel + ln(0.8) · log2(silence / 14 days), silence between 14 days and 4 years.
The slope is what letters and mail show (odds fall by a fifth per doubling of silence); the owner's and the channels'
parts start at 0 and are learnt from counts with normal priors: a few answers move them a little, many decide.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .tiestate import CHANNEL_CODES

BUCKET_EDGES: Final = (14.0, 30.0, 60.0, 120.0, 240.0, 480.0)
"""Upper edges (days of silence before the message, exclusive) of the buckets of counts; one more is open."""
BUCKET_DAYS: Final = np.array([10.0, 21.0, 42.0, 85.0, 170.0, 340.0, 680.0])
"""The silence that stands for each bucket."""
ODDS_PER_DOUBLING: Final = 0.8
BASE_LOG_ODDS: Final = math.log(0.5 / 0.5)
"""Half of the messages after two weeks of silence are answered: where an owner without history starts."""
OWNER_SPREAD: Final = 1.2
CHANNEL_SPREAD: Final = 0.5
"""Standard deviations of the priors on the owner's and on each channel's part, in log-odds."""

_SHORTEST_DAYS: Final = 14.0
_LONGEST_DAYS: Final = 4 * 365.0


class ReplyModel(NamedTuple):
    """What was learnt of one owner: log-odds after 14 days of silence, one per channel code (`CHANNEL_CODES`)."""

    log_odds: NDArray[np.float64]


def _slope(silence_days: NDArray[np.float64]) -> NDArray[np.float64]:
    bounded = np.clip(silence_days, _SHORTEST_DAYS, _LONGEST_DAYS)
    return math.log(ODDS_PER_DOUBLING) * np.log2(bounded / _SHORTEST_DAYS)


def learn_replies(answered: NDArray[np.floating], unanswered: NDArray[np.floating]) -> ReplyModel:
    """The owner's reply model from counts of shape (buckets, channels); all zero gives the prior.

    Posterior mode of the owner's part and the channels' parts (Newton steps on a concave function; they converge).
    """
    yes, total = np.asarray(answered, float), np.asarray(answered, float) + np.asarray(unanswered, float)
    if yes.shape != (len(BUCKET_DAYS), len(CHANNEL_CODES)):
        raise ValueError(f"counts need the shape {(len(BUCKET_DAYS), len(CHANNEL_CODES))}, not {yes.shape}")
    fixed = BASE_LOG_ODDS + _slope(BUCKET_DAYS)[:, None]
    channels = total.shape[1]
    part = np.zeros(1 + channels)
    precision = np.append(OWNER_SPREAD**-2, np.full(channels, CHANNEL_SPREAD**-2))
    for _ in range(25):
        p = 1 / (1 + np.exp(-(fixed + part[0] + part[1:])))
        miss, curve = (yes - total * p).sum(0), (total * p * (1 - p)).sum(0)
        gradient = np.append(miss.sum(), miss) - precision * part
        hessian = np.diag(np.append(curve.sum(), curve) + precision)
        hessian[0, 1:] = hessian[1:, 0] = curve
        step = np.linalg.solve(hessian, gradient)
        part += np.clip(step, -2, 2)
        if float(np.abs(step).max()) < 1e-10:
            break
    return ReplyModel(BASE_LOG_ODDS + part[0] + part[1:])


def reply_probability(
    model: ReplyModel, silence_days: NDArray[np.float64] | float, channel: NDArray[np.integer] | str
) -> NDArray[np.float64]:
    """Probability that a message on that channel (a name, or codes one per silence) is answered after that silence."""
    codes = CHANNEL_CODES[channel] if isinstance(channel, str) else channel
    odds = model.log_odds[codes] + _slope(np.asarray(silence_days, float))
    result: NDArray[np.float64] = 1 / (1 + np.exp(-odds))
    return result
