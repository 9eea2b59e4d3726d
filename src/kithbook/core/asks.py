"""`check`: am I ready to ask this person for that much? (method §5) It advises and never blocks.

In this order: close an open loop, reintroduce yourself, wait, deposit first, ready. The rule is in `askrules`, the way
to "ready" in `askplan`, the words in `askwords`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kithbook.core import askwords
from kithbook.core.askplan import Step, plan
from kithbook.core.askrules import LARGEST, SMALLEST, VERDICTS, Facts, needed_balance, net, verdict_code
from kithbook.core.askwords import SAY_YES, Flag, Reason
from kithbook.core.errors import Invalid


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: one of `VERDICTS`, its reasons, the smallest remedy and the dated way to "ready".

    `ready_on` is the first day on which the ask is ready if the plan is followed. `rights` lists what gives the right
    so far, `flags` what to be careful about; `net` is the account and `needed` what it has to hold (None: nothing).
    """

    verdict: str
    reasons: tuple[Reason, ...]
    remedy: str
    plan: tuple[Step, ...]
    ready_on: date | None
    rights: tuple[Reason, ...]
    flags: tuple[Flag, ...]
    net: float
    needed: int | None
    say_yes: str = SAY_YES


def check(facts: Facts, size: int, on: date) -> Verdict:
    """Judge an ask of size 1–5 on that day; raises Invalid for another size."""
    if not SMALLEST <= size <= LARGEST:
        raise Invalid(f"A size of {size} is outside 1 to 5.", "1 is a quick question, 5 changes a career.")
    code = verdict_code(facts, size, on)
    way = plan(facts, size, on)
    return Verdict(
        verdict=VERDICTS[code],
        reasons=askwords.reasons(facts, size, on, code),
        remedy=askwords.remedy(facts, on, code, way),
        plan=way.steps,
        ready_on=way.ready_on,
        rights=askwords.rights(facts, on),
        flags=askwords.flags(facts, size, on),
        net=net(facts, on),
        needed=needed_balance(facts.stage, size),
    )
