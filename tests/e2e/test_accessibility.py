"""Every page, with data and without, light and dark: axe finds nothing, nothing breaks the policy, all fits a phone.

Each page is opened once on a phone and once on a desktop; everything that can be asked there is asked at once.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import Console
from tests.e2e.sitemap import Sitemap

pytestmark = pytest.mark.e2e
MORE = ("/people?q=zzzzz", "/people?choose=1", "/asks?person={person}&size=3", "/find?q=tax+adviser", "/nothing/here")
"""Views of pages that no link leads to."""
DESKTOP = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
LONGEST_SCREENS = 10
"""Of a phone, with the demo network: what is longer folds, or comes in pages."""
WIDER = """[...document.querySelectorAll('body *')]
.filter(element => element.getBoundingClientRect().right > innerWidth + 1)
.map(element => element.tagName + '.' + element.className).slice(0, 5)"""
SMALL = """[...document.querySelectorAll(
'main button, main summary, main .btn, nav a, main select, main input:not([type=hidden])')]
.filter(element => element.checkVisibility() && !element.closest('.tag, .chips, .check, .pick'))
.map(element => [element.outerHTML.slice(0, 80), element.getBoundingClientRect().height])
.filter(([_html, height]) => height > 0 && height < 43.5)"""
HEADINGS = """[...document.querySelectorAll('h1, h2, h3, h4')].filter(one => one.checkVisibility())
.map(one => Number(one.tagName[1]))"""
OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"
ALL: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS: dict[str, Any] = {**ALL, "runOnly": {"type": "rule", "values": ["color-contrast"]}}


def addresses_of(sitemap: Sitemap) -> list[str]:
    return [*sitemap.pages.values(), *(address.format(person=sitemap.person) for address in MORE)]


def faults(page: Any, options: dict[str, Any]) -> list[str]:
    found = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
    return [f"{one['impact']} {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


@pytest.fixture(params=["village", "fresh"])
def site(request: pytest.FixtureRequest, village_site: Sitemap, fresh_site: Sitemap) -> Sitemap:
    """All pages of a network, and of an install in which nothing is."""
    return village_site if request.param == "village" else fresh_site


def test_every_page_can_be_read_by_everybody(browser: Any, site: Sitemap) -> None:
    context = browser.new_context(viewport=DESKTOP, bypass_csp=True)
    context.add_init_script(Axe().axe_script)
    page = context.new_page()
    told: dict[str, list[str]] = {}
    for address in addresses_of(site):
        page.emulate_media(color_scheme="light")
        page.goto(site.home + address)
        page.evaluate(OPEN)
        told[address] = faults(page, ALL)
        if site.person:
            page.emulate_media(color_scheme="dark")
            told[address] += [f"dark: {line}" for line in faults(page, COLOURS)]
    context.close()
    assert {address: found for address, found in told.items() if found} == {}


def test_every_page_fits_a_phone_and_can_be_touched(browser: Any, site: Sitemap) -> None:
    page = browser.new_page(viewport=PHONE)
    told: dict[str, Any] = {}
    for address in addresses_of(site):
        page.goto(site.home + address)
        if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
            told[address] = page.evaluate(WIDER)
        screens = page.evaluate("document.documentElement.scrollHeight") / PHONE["height"]
        if screens > LONGEST_SCREENS:
            told[address] = f"{screens:.1f} screens"
        page.evaluate(OPEN)
        small = page.evaluate(SMALL)
        if small:
            told[address] = small
    page.close()
    assert told == {}


def test_no_page_breaks_the_policy_or_asks_another_host(browser: Any, village_site: Sitemap) -> None:
    page = browser.new_page(viewport=DESKTOP)
    console = Console(page, village_site.home)
    headings: dict[str, list[int]] = {}
    for address in addresses_of(village_site):
        page.goto(village_site.home + address)
        levels = page.evaluate(HEADINGS)
        if levels.count(1) != 1 or any(after - before > 1 for before, after in pairwise(levels)):
            headings[address] = levels
    page.close()
    assert console.complaints == []
    assert headings == {}


def test_the_list_of_pages_is_complete(village_site: Sitemap) -> None:
    wanted = {
        "today", "week", "people", "person", "brief", "find", "newcomers", "ladder", "between", "clips", "feeds",
        "bank", "bank_entries", "bank_entry_page", "thanks", "referrals", "doors", "introductions", "introduction",
        "introduction_suggestions", "introduction_requests", "asks", "objectives", "objective", "events", "event",
        "groups", "group", "places", "review", "stats", "facts", "import", "accounts", "devices", "settings", "setup",
        "trash_list", "duplicates", "capture", "met", "more", "erase_person", "split", "compare",
    }  # fmt: skip
    assert wanted - set(village_site.pages) == set()


def test_fonts_and_icons_of_our_own_are_used(browser: Any, village_server: str) -> None:
    page = browser.new_page(viewport=DESKTOP)
    asked: list[str] = []
    page.on("response", lambda response: asked.append(f"{response.status} {response.url}"))
    page.goto(village_server + "/week")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('600 28px \"Source Serif 4 Variable\"')")
    assert any(line.startswith("200") and "source-serif-4-latin" in line for line in asked)
    assert any(line.startswith("200") and "icons.svg" in line for line in asked)
    page.close()
