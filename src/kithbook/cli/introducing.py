"""`kith intro`: suggest, add, move and show introductions."""

from __future__ import annotations

import argparse
from typing import Any

from kithbook.cli import printing
from kithbook.cli.local import local_owner
from kithbook.cli.reading import read_day
from kithbook.services import starting

starting.start_django()

from kithbook.services import introductions  # noqa: E402 - Django has to be started first
from kithbook.services.introviews import (  # noqa: E402
    IntroductionBoard,
    IntroductionCard,
    IntroductionPage,
    IntroductionSuggestionView,
)


def run_suggest(args: argparse.Namespace) -> Any:
    """Who could help whom."""
    return introductions.suggest(local_owner(), for_person=args.for_person, limit=args.limit)


def run_list(_args: argparse.Namespace) -> Any:
    """All introductions."""
    return introductions.board(local_owner())


def run_show(args: argparse.Namespace) -> Any:
    """One introduction."""
    return introductions.show(local_owner(), args.id)


def run_undo(args: argparse.Namespace) -> Any:
    """Take the last step back."""
    return introductions.undo_step(local_owner(), args.id)


def run_add(args: argparse.Namespace) -> Any:
    """The idea to bring two people together."""
    return introductions.add(
        local_owner(), args.a, args.b, purpose=args.purpose, asked_by=args.asked_by, endorsement=args.endorsement,
        goal=args.goal,
    )  # fmt: skip


def run_move(args: argparse.Namespace) -> Any:
    """Move an introduction on."""
    return introductions.move(
        local_owner(), args.id, " ".join(args.state), note=args.note, on=read_day(args.on), outcome=args.outcome,
        value=args.value,
    )  # fmt: skip


def run_introduced(args: argparse.Namespace) -> Any:
    """Somebody introduced the owner."""
    return introductions.introduced(local_owner(), args.by, args.to, purpose=args.purpose, on=read_day(args.on))


def _title(card: IntroductionCard) -> str:
    if card.second:
        return f"{card.first.name} and {card.second.name}"
    return f"{card.first.name}, through {card.introducer.name if card.introducer else 'somebody'}"


def _when(card: IntroductionCard) -> str:
    if not card.due_on:
        return ""
    return f" ({'since' if card.is_overdue or card.is_expired else 'by'} {printing.day(card.due_on)})"


def _board(view: IntroductionBoard) -> list[str]:
    if not view.total:
        return ["No introductions yet. See `kith intro suggest`, or begin with `kith intro add A B`."]
    lines = []
    for column in view.columns:
        if not column.cards:
            continue
        lines += ["", column.title] if lines else [column.title]
        for card in column.cards:
            state = f"{card.state_name} since {printing.day(card.since)}" if column.key == "ended" else ""
            lines.append(f"  {card.id}  {_title(card)}")
            for text in filter(None, (card.purpose, f"→ {state or card.next + _when(card)}")):
                lines += printing.wrap(text, " " * 17)
    return lines


def _page(view: IntroductionPage) -> list[str]:
    card = view.card
    lines = [_title(card), f"{card.state_name} · id {card.id}"]
    lines += [f"Purpose: {card.purpose}"] if card.purpose else []
    lines += [f"Goal: {view.goal}"] if view.goal else []
    lines += [f"Next: {card.next}{_when(card)}"]
    lines += [f"First: {text}" for text in view.cautions]
    if view.outcome:
        worth = f" (worth {view.value:,.2f})" if view.value else ""
        lines += [f"Outcome: {view.outcome}{worth}"]
    lines += ["", "Steps"]
    lines += [f"  {printing.day(step.on)}  {step.text}{': ' + step.note if step.note else ''}" for step in view.steps]
    if view.moves:
        lines += ["", "Possible now"]
        lines += [f"  kith intro move {card.id} {move.to}  ({move.label})" for move in view.moves]
    if view.drafts:
        lines += ["", f"A draft: {view.drafts[0].subject}"]
        for part in view.drafts[0].body.split("\n"):
            lines += printing.wrap(part, "  ")
    return lines


def _suggestion(view: IntroductionSuggestionView) -> list[str]:
    lines = printing.wrap(f"{view.needs.name} ({view.need_kind}: {view.need}) and {view.offers.name} ({view.offer})")
    for text in (view.why, view.gives_back, *view.before):
        lines += printing.wrap(text, "    ") if text else []
    return [*lines, f"    kith intro add {view.needs.id} {view.offers.id}"]


printing.PRINTERS |= {IntroductionBoard: _board, IntroductionPage: _page, IntroductionSuggestionView: _suggestion}
