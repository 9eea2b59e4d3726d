"""Imports: files in, people and interactions out, as one act that can be taken back.

One transaction holds the whole import, so that stopping it at any moment leaves the state before.
"""

from __future__ import annotations

import contextlib
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from kithbook.core.errors import Invalid, KithbookError
from kithbook.core.ids import to_text
from kithbook.core.mail import guess_owner
from kithbook.core.records import Card, Counted, Deed, Exchange, Mail, Problem, Remark
from kithbook.services import mappings, owners
from kithbook.services.carding import CardWriter
from kithbook.services.clock import now, zone
from kithbook.services.exchanging import ExchangeWriter, Me, own_phones, remember_names
from kithbook.services.mailing import MailWriter
from kithbook.services.recognising import PersonBook
from kithbook.services.views import ImportFile, ImportProblem, ImportReport, as_json
from kithbook.sources.base import Source
from kithbook.sources.chatwriters import find_own_names
from kithbook.sources.detect import open_sources
from kithbook.sources.kithbookfile import find_export
from kithbook.sources.linkedin import LinkedInSource
from kithbook.store import statistics
from kithbook.store.models import Batch, Owner

MAIL_KINDS = ("mbox", "maildir", "eml")
CHAT_KINDS = ("whatsapp", "facebook", "telegram", "linkedin-messages")
MOST_HANDLES = ("vcard", "ldif", "table", "monica", "linkedin")
PROBLEMS_SHOWN = 10_000
SAMPLE = 20_000

Progress = Callable[[str, int, int], None]
"""Called now and then with (file, bytes done, bytes in all)."""


def run(
    owner: Owner,
    paths: Sequence[Path],
    *,
    me: Sequence[str] = (),
    kind: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Import files or folders; the same file again adds nothing. `dry_run` reports without keeping anything.

    `me` are the owner's own addresses; without any, known or given, they are inferred from the mail. Raises NotFound
    or Invalid for what cannot be read at all, and Invalid where the owner's address is not clear.
    """
    if len(paths) == 1 and (export := find_export(paths[0])):
        from kithbook.services import rebuilding

        return rebuilding.rebuild(owner, export, dry_run=dry_run)
    latest = int(now().timestamp()) + 86_400
    where = zone(owner)
    tables = mappings.known(owner)
    aside: list[str] = []
    sources = [
        source
        for path in paths
        for source in open_sources(path, kind=kind, latest=latest, zone=where, tables=tables, aside=aside)
    ]
    return run_sources(owner, sources, me=me, dry_run=dry_run, progress=progress, aside=aside)


def run_sources(
    owner: Owner,
    sources: Sequence[Source],
    *,
    me: Sequence[str] = (),
    dry_run: bool = False,
    progress: Progress | None = None,
    aside: Sequence[str] = (),
    batch: Batch | None = None,
) -> ImportReport:
    """Import what sources yield; see `run`. `aside` are names of files that are of no known kind.

    With a `batch` it is part of that act.
    """
    started = time.monotonic()
    with transaction.atomic():
        job = _Import(owner, sources, me, progress, aside, batch)
        report = job.run(dry_run, started)
        if dry_run:
            transaction.set_rollback(True)
    return report


@dataclass(slots=True)
class _Chats:
    """The chats of one kind that were read, and who is in them, how often."""

    files: list[str] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)


class _Import:
    """One run over some sources inside one transaction."""

    def __init__(
        self,
        owner: Owner,
        sources: Sequence[Source],
        me: Sequence[str],
        progress: Progress | None,
        aside: Sequence[str],
        batch: Batch | None,
    ) -> None:
        self.owner, self.sources, self.progress = owner, sorted(sources, key=_rank), progress
        self.aside = [_shown(name) for name in aside[:PROBLEMS_SHOWN]]
        title = ", ".join(_shown(Path(source.path).name) for source in sources[:3])
        self.batch = batch or Batch(owner=owner, kind="import", title=title[:300], started_at=now())
        self.batch.save()
        self.mine, self.guessed = self._own_addresses(me)
        self.book = PersonBook(owner, self.batch)
        self.mails = MailWriter(owner, self.batch, self.book, self.mine)
        self.cards: dict[str, CardWriter] = {}
        self.exchanges: dict[str, ExchangeWriter] = {}
        told = [value for value in me if self._is_name(value)]
        self._settings = dict(owner.settings)
        self.notes: list[str] = []
        self.me = self._me(told)
        self.chats: dict[str, _Chats] = {}
        self.problems: list[ImportProblem] = []
        self.problems_count = 0
        self.records = 0
        self.skipped: Counter[str] = Counter()

    def run(self, dry_run: bool, started: float) -> ImportReport:
        """Read everything, write it, fold the ties, and report."""
        for source in self.sources:
            try:
                self._read(source)
            except KithbookError as error:
                self._refuse(Path(source.path).name, error)
        for kind, chats in self.chats.items():
            try:
                self._exchange_writer(kind).check_owner(chats.files, [name for name, _ in chats.names.most_common(6)])
            except KithbookError as error:
                self._refuse(chats.files[0], error)
        self._close()
        report = self._report(dry_run, round(time.monotonic() - started, 2))
        self.batch.state, self.batch.finished_at = "done", now()
        self.batch.report = _joined(self.batch.report, as_json(report))
        self.batch.note_people(self.book.changed)
        if self.owner.settings != self._settings:
            self.batch.before["owner"] = {"settings": [self._settings, self.owner.settings]}
        self.batch.save()
        owners.touch_revision(self.owner)
        return report

    def _refuse(self, name: str, error: KithbookError) -> None:
        """One bad file among many is a problem to report; a single one is the answer."""
        if len(self.sources) == 1:
            raise error
        self.records += 1
        self._note_problem(name, error.told)

    def _me(self, told: Sequence[str]) -> Me:
        """The owner as they were told and remembered, and by the names that several chats show to be theirs."""
        phones, names = own_phones(told), remember_names(self.owner, told)
        found = find_own_names(self.sources, Me(self.mine, phones, names).is_called)
        for name in found:
            self.notes.append(f"You are “{name}” in these chats, as they show. If not, take this back and say --me.")
        return Me(self.mine, phones, remember_names(self.owner, found) if found else names)

    def _is_name(self, value: str) -> bool:
        """In chats the owner is known by a name; anywhere else what is no address is a slip."""
        return "@" not in value and any(source.kind in CHAT_KINDS for source in self.sources)

    def _own_addresses(self, me: Sequence[str]) -> tuple[frozenset[str], bool]:
        exports = dict.fromkeys(source.path for source in self.sources if source.kind.startswith("linkedin"))
        told = [address for path in exports for address in LinkedInSource(path).owner_addresses()]
        addresses = [value for value in me if not self._is_name(value)]
        mine = owners.add_addresses(self.owner, [*addresses, *told], batch=self.batch)
        mail = [source for source in self.sources if source.kind in MAIL_KINDS]
        if mine or not mail:
            return mine, False
        guess = guess_owner(itertools.islice(_mails(mail), SAMPLE))
        if guess is None:
            raise Invalid(
                "Which of the addresses in this mail are yours is not clear.",
                "Say so with --me you@example.org (as often as you have addresses).",
            )
        return owners.add_addresses(self.owner, guess.keys, confirmed=False, batch=self.batch), True

    def _read(self, source: Source) -> None:
        name = _shown(Path(source.path).name)
        report = self.progress

        def step(done: int, total: int) -> None:
            if report:
                report(name, done, total)

        cards = self._card_writer(source.kind[:12])
        exchanges = self._exchange_writer(source.kind[:12])
        add_mail = self.mails.add
        for record in source.records(step):
            self.records += 1
            if type(record) is Mail:
                problem = add_mail(record)
                if problem:
                    file = getattr(source, "current", "").removeprefix(f"{source.path}/")
                    self._note_problem(f"{name}, {file or problem.where}", problem.what)
            elif type(record) is Card:
                cards.add(record)
            elif type(record) is Exchange or type(record) is Deed or type(record) is Remark:
                exchanges.add(record)
            elif type(record) is Problem:
                self._note_problem(record.where.removeprefix(f"{Path(source.path).parent}/"), record.what)
            elif type(record) is Counted:
                self.skipped[record.reason] += 1
        self.mails.flush()
        cards.flush()
        exchanges.flush()
        self._note_chat(source, name)

    def _note_chat(self, source: Source, name: str) -> None:
        self.notes += getattr(source, "notes", ())
        names = getattr(source, "names", ())
        if names:
            chats = self.chats.setdefault(source.kind[:12], _Chats())
            chats.files.append(name)
            chats.names.update(names)

    def _card_writer(self, kind: str) -> CardWriter:
        if kind not in self.cards:
            self.cards[kind] = CardWriter(self.owner, self.batch, self.book, kind, self.mine)
        return self.cards[kind]

    def _exchange_writer(self, kind: str) -> ExchangeWriter:
        if kind not in self.exchanges:
            self.exchanges[kind] = ExchangeWriter(self.owner, self.batch, self.book, kind, self.me)
        return self.exchanges[kind]

    def _note_problem(self, where: str, what: str) -> None:
        self.problems_count += 1
        if len(self.problems) < PROBLEMS_SHOWN:
            self.problems.append(ImportProblem(_shown(where), _shown(what)))

    def _close(self) -> None:
        marked = {key for source in self.sources for key in getattr(source, "list_addresses", ())}
        self.book.hide_lists(marked)
        self.book.flush()
        for writer in self.cards.values():
            self.skipped += writer.skipped
        self.skipped += self.mails.skipped
        affected = set(self.mails.affected)
        for others in self.exchanges.values():
            self.skipped += others.skipped
            affected |= others.affected
        statistics.refresh(self.records)
        if affected:
            # They reckon with numpy, whose start takes longer than an address book of a thousand cards.
            from kithbook.services import habits, ties

            ties.refold(self.owner, affected, batch=self.batch)
            habits.learn(self.owner)

    def _report(self, dry_run: bool, seconds: float) -> ImportReport:
        return ImportReport(
            batch=None if dry_run else to_text(self.batch.pk),
            files=[ImportFile(_shown(source.path), source.kind) for source in self.sources],
            records=self.records,
            people_added=self.book.added,
            people_matched=sum(writer.matched for writer in self.cards.values()),
            interactions_added=self.mails.added + sum(writer.added for writer in self.exchanges.values()),
            interactions_known=self.mails.known + sum(writer.known for writer in self.exchanges.values()),
            skipped=dict(sorted(self.skipped.items())),
            problems=self.problems,
            problems_count=self.problems_count,
            seconds=seconds,
            me=sorted(self.mine),
            me_inferred=self.guessed,
            dry_run=dry_run,
            left_aside=self.aside,
            notes=[_shown(note) for note in self.notes[:PROBLEMS_SHOWN]],
        )


def _joined(before: dict[str, Any], report: dict[str, Any]) -> dict[str, Any]:
    """The report of an act with what was added in it before."""
    counts = ("people_added", "interactions_added")
    return {**report, **{name: report[name] + before.get(name, 0) for name in counts}}


def _rank(source: Source) -> tuple[int, str, str]:
    """Cards before exchanges, the richest first: who has which address and number is known before it is met alone."""
    rank = MOST_HANDLES.index(source.kind) if source.kind in MOST_HANDLES else len(MOST_HANDLES)
    return rank, source.kind, Path(source.path).name


def _shown(name: str) -> str:
    """A file name as text: bytes in it that are none become question marks."""
    return name.encode("utf-8", "replace").decode("utf-8")


def _mails(sources: Sequence[Source]) -> Iterator[Mail]:
    for source in sources:
        # What cannot be read is reported when it is imported.
        with contextlib.suppress(KithbookError):
            for record in source.records():
                if isinstance(record, Mail):
                    yield record
