"""Addresses of the web app."""

from __future__ import annotations

from django.urls import path

from kithbook.web import capture, imports, more, people, person, person_acts, setup, today, week

urlpatterns = [
    path("", today.page, name="today"),
    path("week", week.page, name="week"),
    path("week/minutes", week.minutes, name="week_minutes"),
    path("touches/<str:touch>/done", today.done, name="touch_done"),
    path("touches/<str:touch>/later", today.snooze, name="touch_later"),
    path("touches/<str:touch>/skip", today.skip, name="touch_skip"),
    path("touches/<str:touch>/reopen", today.reopen, name="touch_reopen"),
    path("people", people.page, name="people"),
    path("people/<str:person>", person.page, name="person"),
    path("people/<str:person>/spoke", person_acts.spoke, name="spoke"),
    path("people/<str:person>/edit", person_acts.edit, name="edit"),
    path("people/<str:person>/tag", person_acts.tag, name="tag"),
    path("people/<str:person>/untag", person_acts.untag, name="untag"),
    path("people/<str:person>/identities/add", person_acts.add_identity, name="add_identity"),
    path("people/<str:person>/identities/remove", person_acts.remove_identity, name="remove_identity"),
    path("people/<str:person>/jobs/add", person_acts.add_job, name="add_job"),
    path("people/<str:person>/topics/add", person_acts.topic, name="add_topic"),
    path("people/<str:person>/topics/remove", person_acts.drop_topic, name="drop_topic"),
    path("people/<str:person>/bank/add", person_acts.bank_entry, name="bank_entry"),
    path("people/<str:person>/stage/confirm", person_acts.confirm, name="stage_confirm"),
    path("people/<str:person>/stage/decline", person_acts.decline, name="stage_decline"),
    path("people/<str:person>/stage/place", person_acts.place, name="stage_place"),
    path("people/<str:person>/archive", person_acts.archive, name="archive"),
    path("people/<str:person>/unarchive", person_acts.unarchive, name="unarchive"),
    path("people/<str:person>/trash", person_acts.trash, name="trash"),
    path("people/<str:person>/untrash", person_acts.untrash, name="untrash"),
    path("capture", capture.page, name="capture"),
    path("capture/save", capture.save, name="capture_save"),
    path("met", capture.met, name="met"),
    path("import", imports.page, name="import"),
    path("import/preview", imports.preview, name="import_preview"),
    path("import/start", imports.start, name="import_start"),
    path("import/discard", imports.discard, name="import_discard"),
    path("import/jobs/<str:job>", imports.job, name="import_job"),
    path("import/jobs/<str:job>/problems.txt", imports.problems, name="import_problems"),
    path("batches/<str:batch>/undo", imports.undo, name="batch_undo"),
    path("demo/load", imports.load_demo, name="demo_load"),
    path("demo/remove", imports.remove_demo, name="demo_remove"),
    path("more", more.page, name="more"),
    path("setup", setup.setup, name="setup"),
    path("settings", setup.settings, name="settings"),
    path("settings/addresses/confirm", setup.confirm_addresses, name="confirm_addresses"),
]
