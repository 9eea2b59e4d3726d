"""The main job from end to end in a real browser: set up, import, read the week, act, log, find it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Console
from tests.faces.mailbox import ME, mailbox

pytestmark = pytest.mark.e2e
PHONE = {"width": 390, "height": 844}


def set_up_and_import(page: Any, address: str, folder: Path) -> None:
    page.goto(address + "/")
    page.wait_for_url("**/setup")
    page.get_by_label("Your name").fill("Alice")
    page.get_by_label("Your e-mail addresses").fill(ME)
    page.get_by_label("Minutes a week for people").fill("120")
    page.get_by_label("Time zone").select_option("Europe/Vienna")
    page.get_by_role("button", name="Next: import").click()
    page.wait_for_url("**/import")
    file = folder / "inbox.mbox"
    file.write_bytes(mailbox())
    page.set_input_files("input[type=file]", file)
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("What this would bring").wait_for()
    page.get_by_role("button", name="Import", exact=True).click()
    page.get_by_role("heading", name="Imported").wait_for()


def test_a_first_week_from_set_up_to_timeline(browser: Any, fresh_server: str, tmp_path: Path) -> None:
    page = browser.new_page(locale="en-GB", timezone_id="Europe/Vienna")
    console = Console(page, fresh_server)
    set_up_and_import(page, fresh_server, tmp_path)

    page.get_by_role("link", name="See this week’s plan").click()
    page.get_by_role("heading", name="This week").wait_for()
    cards = page.locator("[data-card]")
    assert cards.count() >= 1
    assert cards.first.locator(".why").inner_text().strip()
    name = cards.first.get_by_role("link").inner_text()
    before = cards.count()
    cards.first.get_by_role("button", name="Done").click()
    page.locator(".notice", has_text=f"Done: {name}").wait_for()
    assert cards.count() < before or page.locator(".touch.past", has_text=name).count() == 1

    page.goto(fresh_server + "/")
    page.keyboard.press("/")
    page.keyboard.type("coffee with Carol Singer yesterday 45m, promised intro to Bob Builder by Friday")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Is this right?").wait_for()
    assert page.locator("mark.part").count() >= 3
    page.locator("#preview").get_by_role("button", name="Save").click()
    page.locator(".notice", has_text="Logged").wait_for()
    assert page.get_by_label("What happened?").input_value() == ""

    page.goto(fresh_server + "/people")
    page.get_by_label("Search").fill("carol")
    page.wait_for_url("**q=carol**")
    page.locator("#found").get_by_role("link", name="Carol Singer").click()
    timeline = page.locator("#timeline")
    assert "45 min" in timeline.inner_text()
    assert "You promised" in timeline.inner_text()
    assert console.complaints == []


def test_what_was_logged_is_taken_back_from_its_notice(browser: Any, fresh_server: str, tmp_path: Path) -> None:
    page = browser.new_page(viewport=PHONE)
    set_up_and_import(page, fresh_server, tmp_path)
    page.goto(fresh_server + "/people")
    page.get_by_label("What happened?").fill("call with Dave Baker today")
    page.get_by_role("button", name="Log").click()
    page.locator("#preview").get_by_role("button", name="Save").click()
    page.locator(".notice").get_by_role("button", name="Undo").click()
    page.locator(".notice", has_text="Taken back").wait_for()
    page.locator("#found").get_by_role("link", name="Dave Baker").click()
    assert "Call" not in page.locator("#timeline").inner_text()


def test_everything_works_without_scripts(browser: Any, fresh_server: str, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    set_up_and_import(page, fresh_server, tmp_path)
    page.goto(fresh_server + "/week")
    page.locator("[data-card]").first.get_by_role("button", name="Done").click()
    assert page.locator(".notice").count() == 1
    page.locator(".notice").get_by_role("button", name="Undo").click()
    page.goto(fresh_server + "/")
    page.get_by_label("What happened?").fill("call with Dave Baker today 20m")
    page.get_by_role("button", name="Log").click()
    page.get_by_role("button", name="Save").click()
    assert "Logged" in page.locator(".notice").inner_text()
    page.goto(fresh_server + "/people?q=dave")
    page.get_by_role("link", name="Dave Baker").click()
    assert "20 min" in page.locator("#timeline").inner_text()
    context.close()


def test_the_keyboard_alone_is_enough(browser: Any, lived_in_server: str) -> None:
    page = browser.new_page()
    console = Console(page, lived_in_server)
    page.goto(lived_in_server + "/week")
    focused = "document.activeElement.closest('[data-card]')?.id"
    page.keyboard.press("j")
    first = page.evaluate(focused)
    page.keyboard.press("j")
    second = page.evaluate(focused)
    assert first
    assert second
    assert first != second
    page.keyboard.press("k")
    assert page.evaluate(focused) == first
    page.keyboard.press("l")
    page.keyboard.press("Enter")
    page.locator(".notice", has_text="comes back in 1 day").wait_for()
    assert page.locator(f"#{first}").count() == 0
    assert page.evaluate(focused) is not None
    page.keyboard.press("s")
    page.locator(".notice", has_text="is left out this week").wait_for()
    page.keyboard.press("?")
    assert page.get_by_role("heading", name="Keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "text"
    assert console.complaints == []


def test_a_slip_in_a_form_keeps_what_was_typed(browser: Any, lived_in_server: str) -> None:
    page = browser.new_page()
    page.goto(lived_in_server + "/people?sort=name")
    somebody = page.locator("#found a[data-open]").first
    name = somebody.inner_text()
    somebody.click()
    page.get_by_role("heading", name=name, level=1).wait_for()
    page.locator("#about > details > summary").click()
    box = page.get_by_label("E-mail, phone or profile")
    box.fill("not anything")
    box.press("Enter")
    page.locator(".notice.error").wait_for()
    assert "neither an e-mail" in page.locator(".notice.error").inner_text()
    assert box.input_value() == "not anything"
    page.close()
