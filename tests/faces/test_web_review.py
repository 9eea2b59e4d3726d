"""The review in the web app: looked at, acted upon, closed; the numbers; notes; the settings."""

from __future__ import annotations

import datetime as dt
import html

import pytest
from django.test import Client
from django.urls import reverse

from kithbook.services import facts, introducing, paces, people, preferences, review, social, stats, touches, weeks
from kithbook.store.models import Ask, Owner
from tests.services.factories import person, talk
from tests.services.helpers import key


def text_of(client: Client, name: str, *args: str, **query: str) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def test_looking_back_shows_minutes_need_and_who_began(client: Client, village: Owner) -> None:
    """R1, R31, R43: the numbers of the page are those of the service, with a table beside the bars."""
    view = review.review(village)
    page = text_of(client, "review")
    for band in view.bands:
        assert f'<td class="n">{band.spent}</td>' in page
    assert f"of your {view.before_need_half_year.contacts} contacts" in page
    assert f"begun by you this week: {view.initiation.mine}" in page


def test_contact_round_asks_is_said_calmly(client: Client, owner: Owner) -> None:
    """R1: the warning and the names."""
    anna = person(owner, "Anna Berg")
    talk(owner, anna, 1, 3, 5, 8, 10)
    Ask.objects.create(owner=owner, person=anna, asked_on=dt.date(2026, 11, 16))
    page = text_of(client, "review")
    assert "5 of your 5 contacts in the last half-year lie within two weeks of an ask." in page
    assert f'href="{reverse("person", args=[key(anna)])}"' in page


def test_loops_are_closed_on_the_page(client: Client, village: Owner) -> None:
    """R87: acted upon, not only read: done here, gone from the list."""
    step = reverse("review_step", args=["loops"])
    touch = next(one for one in weeks.week(village).touches if one.kind == "obligation")
    assert f"touch-{touch.id}" in text_of(client, "review_step", "loops")
    answer = client.post(reverse("touch_done", args=[touch.id]), {"next": step}, follow=True)
    assert answer.redirect_chain == [(step, 303)]
    assert f"touch-{touch.id}" not in answer.content.decode()
    assert touches.find_touch(village, touch.id).state == "done"


def test_what_others_promised_is_settled_on_the_page(client: Client, village: Owner) -> None:
    waiting = review.review(village).waiting_for
    step = reverse("review_step", args=["loops"])
    client.post(reverse("promise_keep", args=[waiting[0].id]), {"next": step})
    client.post(reverse("promise_release", args=[waiting[1].id]), {"next": step})
    view = review.review(village)
    assert not {one.id for one in view.waiting_for} & {waiting[0].id, waiting[1].id}
    assert [(one.id, one.state) for one in view.promises if not one.by_me] == [(waiting[0].id, "kept")]


def test_somebody_to_help_is_chosen_and_done(client: Client, village: Owner) -> None:
    """R18, R87: this week's action item."""
    idea = review.review(village).ideas[0]
    assert idea.person
    assert idea.text in text_of(client, "review_step", "help")
    sent = {"text": idea.text, "person": idea.person.id, "week": "2026-11-16"}
    client.post(reverse("review_action"), sent)
    village.refresh_from_db()
    assert review.review(village).action is not None
    page = client.post(reverse("review_action_done"), {"week": "2026-11-16"}, follow=True).content.decode()
    village.refresh_from_db()
    action = review.review(village).action
    assert action is not None
    assert action.done_on == dt.date(2026, 11, 21)
    assert "done on 21 November" in page


def test_social_minutes_are_written_down_with_undo(client: Client, owner: Owner) -> None:
    """R54: logged in the review, over the cap said calmly."""
    person(owner, "Anna Berg")
    page = client.post(reverse("review_social"), {"minutes": "40"}, follow=True).content.decode()
    assert "40 minutes on social media, 10 past the 30 you set" in page
    assert "batches/" in page
    assert social.week(owner).minutes == 40


def test_done_for_this_week_and_open_again(client: Client, village: Owner) -> None:
    page = client.post(reverse("review_finish"), {"week": "2026-11-16"}, follow=True).content.decode()
    assert "This week is closed" in page
    village.refresh_from_db()
    assert review.review(village).done_on == dt.date(2026, 11, 21)
    client.post(reverse("review_reopen"), {"week": "2026-11-16"})
    village.refresh_from_db()
    assert review.review(village).done_on is None


def test_the_week_ahead_is_the_plan(client: Client, village: Owner) -> None:
    page = text_of(client, "review_step", "ahead")
    for touch in review.review(village).ahead.touches:
        assert touch.person.name in page


def test_another_week_can_be_looked_at(client: Client, village: Owner) -> None:
    page = text_of(client, "review", week="2026-10-14")
    assert "12 October – 18 October" in page
    assert reverse("review_step", args=["loops"]) + "?week=2026-10-12" in page
    assert client.get(reverse("review"), {"week": "nonsense"}).status_code == 200
    assert client.get(reverse("review_step", args=["nowhere"])).status_code == 404


def test_an_explanation_is_closed_for_good(client: Client, village: Owner) -> None:
    """R50: the short explanation of the week, where its rule is met."""
    tip = review.review(village).tip
    assert tip
    assert tip.text in text_of(client, "review")
    client.post(reverse("tip_close", args=[tip.key]), {"next": "/review"})
    assert tip.text not in text_of(client, "review")


def test_the_year_in_numbers_has_depth_first_and_tables(client: Client, village: Owner) -> None:
    """R48, R69, R94: depth above counts; results by stage; who was revived."""
    view = stats.overview(village)
    page = text_of(client, "stats")
    assert page.index("at Trust and above") < page.index("Kept alive") < page.index("Results by stage")
    assert f"<strong>{view.depth.close}</strong>" in page
    for one in view.effort:
        assert one.person.name in page
    for month in view.months:
        assert f"{month.month:%B %Y}" in page


def test_notes_are_found_and_old_facts_confirmed(client: Client, village: Owner) -> None:
    """R110: searchable notes; still true? One click."""
    page = text_of(client, "facts", q="wooden boats")
    assert "Marcus Eidinger" in page
    old = facts.stale(village, 1)[0]
    assert old.text in page
    client.post(reverse("fact_confirm", args=[old.person.id]), {"topic": old.id, "next": reverse("facts")})
    assert old.id not in {one.id for one in facts.stale(village, 50)}


def test_facts_are_noted_marked_and_taken_away_on_the_page_of_a_person(client: Client, village: Owner) -> None:
    """R110: with source and date, sensitive or not."""
    frank = people.search(village, "Frank Okafor").people[0].id
    sent = {"about": "fact", "text": "two sons at school", "source": "lunch", "sensitive": "1"}
    page = html.unescape(client.post(reverse("fact_note", args=[frank]), sent, follow=True).content.decode())
    assert "two sons at school" in page
    assert "Nov 2026, lunch" in page
    fact = next(one for one in facts.of_person(village, frank).facts if one.text == "two sons at school")
    assert fact.is_sensitive
    client.post(reverse("fact_sensitive", args=[frank]), {"topic": fact.id, "sensitive": "0"})
    assert not next(one for one in facts.of_person(village, frank).facts if one.id == fact.id).is_sensitive
    client.post(reverse("drop_topic", args=[frank]), {"topic": fact.id})
    assert fact.id not in {one.id for one in facts.of_person(village, frank).facts}


@pytest.mark.parametrize(
    ("url", "sent", "field", "value"),
    [
        ("settings_review", {"review_day": "friday", "review_hour": "16", "review_mail": "1"}, "review_mail", True),
        ("settings_times", {"relationship_time": "tue 16-17, fri 9-10", "quiet_from": "21", "quiet_until": "7",
          "quiet_days": ["sunday"], "social_minutes": "20", "giving_share": "12"},
         "relationship_time", ["tue 16:00-17:00", "fri 09:00-10:00"]),
        ("settings_shares", {f"share-{n}": "40" if n == 3 else "10" for n in range(1, 8)}, "shares",
         {str(n): 40 if n == 3 else 10 for n in range(1, 8)}),
    ],
)  # fmt: skip
def test_the_sections_of_the_settings_are_saved(
    client: Client, owner: Owner, url: str, sent: dict[str, object], field: str, value: object
) -> None:
    """R51, R54, R70: review, relationship time, caps and shares."""
    response = client.post(reverse(url), sent, follow=True)
    assert "Saved." in response.content.decode()
    assert getattr(preferences.show(Owner.objects.get(pk=owner.pk)), field) == value


def test_days_and_limits_are_set_and_the_usual_ones_come_back(client: Client, owner: Owner) -> None:
    numbers = {one.name: str(one.value) for one in paces.listing(owner)}
    client.post(reverse("settings_paces"), {**numbers, "again": "9"})
    again = Owner.objects.get(pk=owner.pk)
    assert introducing.timers(again).again == 9
    assert "usual: 5" in client.get(reverse("settings")).content.decode()
    client.post(reverse("settings_paces"), {**numbers, "again": "9", "usual": "1"})
    assert introducing.timers(Owner.objects.get(pk=owner.pk)).again == 5


def test_settings_that_make_no_sense_say_so_and_change_nothing(client: Client, owner: Owner) -> None:
    before = preferences.show(owner)
    answer = client.post(reverse("settings_shares"), {f"share-{n}": "50" for n in range(1, 8)})
    assert answer.status_code == 400
    assert "add up to 350" in answer.content.decode()
    assert preferences.show(Owner.objects.get(pk=owner.pk)) == before
