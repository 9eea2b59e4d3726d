"""The shipped constants of warmth. Written by `make fit` (benchmarks/ties_fit.py); do not edit by hand."""

from __future__ import annotations

from typing import Any, Final

PARAMETERS: Final[dict[str, Any]] = {
    "intercept": -1.3218,
    "weights": {
        "activation": 0.6160,
        "alive": 0.1682,
        "rhythm": 0.2374,
        "span": 0.1333,
        "regularity": 0.1381,
    },
    "level": (0.5154, 0.0577, 0.0489, 0.2480),
    "met_once": -0.2242,
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
        "auc_within_ego": 0.8185,
        "auc_active": 0.7961,
        "log_loss": 0.4323,
        "brier": 0.1386,
        "ece": 0.0484,
    },
    "clear_only_on_tuning_only": {
        "auc": 0.8333,
        "auc_within_ego": 0.8128,
        "auc_active": 0.7845,
        "log_loss": 0.4394,
        "brier": 0.1423,
        "ece": 0.0428,
    },
    "leave_one_family_out_on_tuning_only": {
        "auc": 0.8325,
        "auc_within_ego": 0.813,
        "auc_active": 0.7829,
        "log_loss": 0.4412,
        "brier": 0.143,
        "ece": 0.0489,
    },
}
"""What the constants were fitted on, under whose notices, and means over the test tasks of the ten sets."""
