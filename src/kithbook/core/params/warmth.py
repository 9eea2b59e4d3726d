"""The shipped constants of warmth. Written by `make fit` (benchmarks/ties_fit.py); do not edit by hand."""

from __future__ import annotations

from typing import Any, Final

PARAMETERS: Final[dict[str, Any]] = {
    "intercept": -1.2969,
    "weights": {
        "activation": 0.6196,
        "alive": 0.1695,
        "rhythm": 0.2324,
        "span": 0.1477,
        "regularity": 0.2441,
    },
    "level": (0.9511, 0.1477),
    "met_once": -0.1572,
    "never_met": 0.02,
}
"""Weights of `tiefeatures.TERMS`; `level` of `warmlevel.level_terms`; `met_once` is added to the log-odds
of a tie met on one day only; `never_met` is the warmth of a tie without contact (a convention)."""

FITTED: Final[dict[str, Any]] = {
    "date": "2026-11-21",
    "examples": 38972,
    "data": {
        "clear/schnitzler_diary": "CC BY-SA 4.0, Arthur Schnitzler Tagebuch",
        "clear/schnitzler_letters": "CC BY 4.0, Schnitzler Briefe",
        "clear/edison": "public domain, Edison Papers",
        "clear/moritz": "CC BY 4.0, SAW Leipzig",
        "clear/spener": "CC BY 4.0, SAW Leipzig",
        "clear/enron": "US public record",
    },
    "leave_one_family_out": {
        "auc": 0.8273,
        "auc_within_ego": 0.8182,
        "auc_active": 0.796,
        "log_loss": 0.4302,
        "brier": 0.138,
        "ece": 0.0464,
    },
    "clear_only_on_tuning_only": {
        "auc": 0.8332,
        "auc_within_ego": 0.813,
        "auc_active": 0.7833,
        "log_loss": 0.4353,
        "brier": 0.1412,
        "ece": 0.0388,
    },
    "leave_one_family_out_on_tuning_only": {
        "auc": 0.8324,
        "auc_within_ego": 0.8127,
        "auc_active": 0.7821,
        "log_loss": 0.4373,
        "brier": 0.1419,
        "ece": 0.0423,
    },
}
"""What the constants were fitted on, under whose notices, and means over the test tasks of the ten sets."""
