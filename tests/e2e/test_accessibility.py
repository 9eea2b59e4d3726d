"""Every page in both themes: no serious finding of axe, no breach of the policy, nothing wider than a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.conftest import Console

pytestmark = pytest.mark.e2e
PAGES = [
    "/",
    "/week",
    "/people",
    "/people?q=zzzzz",
    "PERSON",
    "/capture",
    "/met",
    "/import",
    "/setup",
    "/settings",
    "/nothing/here",
]
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
WIDER = """[...document.querySelectorAll('body *')]
.filter(element => element.getBoundingClientRect().right > innerWidth + 1)
.map(element => element.tagName + '.' + element.className).slice(0, 5)"""
SMALL = """[...document.querySelectorAll(
'main button, main summary, main .btn, nav a, main select, main input:not([type=hidden])')]
.filter(element => element.checkVisibility() && !element.closest('.tag, .chips, .check'))
.map(element => [element.outerHTML.slice(0, 80), element.getBoundingClientRect().height])
.filter(([_html, height]) => height > 0 && height < 43.5)"""


@pytest.fixture(scope="module")
def person(browser: Any, village_server: str) -> str:
    """The address of somebody with a history."""
    page = browser.new_page()
    page.goto(village_server + "/people?sort=last")
    address: str = page.locator("#found a").first.get_attribute("href")
    page.close()
    return address


@pytest.fixture(params=["light", "dark"])
def checked(request: pytest.FixtureRequest, browser: Any) -> Iterator[Any]:
    """A page in which axe may run, in one theme."""
    context = browser.new_context(viewport=DESKTOP, color_scheme=request.param, bypass_csp=True)
    yield context.new_page()
    context.close()


def open_everything(page: Any) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_serious(checked: Any, village_server: str, person: str, address: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    checked.goto(village_server + address.replace("PERSON", person))
    open_everything(checked)
    found = Axe().run(checked).response["violations"]
    told = [f"{one['impact']} {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]
    assert [line for line in told if line.startswith(("serious", "critical"))] == []


@pytest.mark.parametrize("address", PAGES)
def test_pages_fit_a_phone_and_can_be_touched(browser: Any, village_server: str, person: str, address: str) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(village_server + address.replace("PERSON", person))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.evaluate(WIDER)
    open_everything(page)
    assert page.evaluate(SMALL) == []
    page.close()


def test_no_page_breaks_the_policy_or_asks_another_host(browser: Any, village_server: str, person: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    console = Console(page, village_server)
    for address in PAGES:
        page.goto(village_server + address.replace("PERSON", person))
        page.wait_for_load_state("networkidle")
    assert console.complaints == []


def test_fonts_and_icons_of_our_own_are_used(browser: Any, village_server: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    asked: list[str] = []
    page.on("response", lambda response: asked.append(f"{response.status} {response.url}"))
    page.goto(village_server + "/week")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('600 28px \"Source Serif 4 Variable\"')")
    assert any(line.startswith("200") and "source-serif-4-latin" in line for line in asked)
    assert any(line.startswith("200") and "icons.svg" in line for line in asked)
