"""The components in Chromium: accessible, fitting a phone, readable without scripts, alive with them."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.frontend.fake_system import FakeSystem

pytestmark = pytest.mark.browser

SYSTEMS = ("publicservice", "trading", "supervision")
PAGES = (*SYSTEMS, "act", "login", "bid", "form", "refusal", "400", "403", "404", "500")
PHONE_PAGES = ("trading", "act", "login", "bid", "form", "500")
COUNT_CHANGES = """() => {
  window.spoken = 0;
  const everything = {childList: true, characterData: true, subtree: true};
  new MutationObserver(() => window.spoken++).observe(document.querySelector("[data-speaker]"), everything);
}"""
PHONE_WIDTH = 390
SIZES = [*((name, 1280) for name in PAGES), *((name, PHONE_WIDTH) for name in PHONE_PAGES)]


def faults(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize(("name", "width"), SIZES)
def test_no_fault_and_nothing_wider_than_the_screen(
    page: Page, system: FakeSystem, name: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{system.url}/{name}.html")

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_largest_text_in_high_contrast_works_and_is_remembered(page: Page, system: FakeSystem) -> None:
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    page.goto(f"{system.url}/trading.html")

    page.get_by_role("button", name="特大").click()
    page.get_by_role("button", name="高对比度").click()
    page.reload()

    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "24px"
    expect(page.get_by_role("button", name="特大")).to_have_attribute("aria-pressed", "true")
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH


def test_the_three_systems_have_three_accents(page: Page, system: FakeSystem) -> None:
    accents = set()
    for name in SYSTEMS:
        page.goto(f"{system.url}/{name}.html")
        accents.add(page.locator(".name-mark").evaluate("mark => getComputedStyle(mark).color"))

    assert len(accents) == 3


def test_without_scripts_everything_can_be_read(chromium: Browser, system: FakeSystem) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{system.url}/trading.html")

    expect(page.locator(".big-clock__digits")).to_have_text("09:00:00")
    expect(page.locator(".big-clock .time-left")).to_have_text("还剩 12 分 30 秒")
    expect(page.locator("output").first).to_contain_text("人民币壹仟贰佰捌拾万元整")
    expect(page.locator("[data-preferences]")).to_be_hidden()
    page.goto(f"{system.url}/bid.html")
    expect(page.get_by_text("递交投标文件须启用浏览器脚本")).to_be_visible()
    context.close()


def test_the_clock_goes_on_by_the_servers_time(page: Page, system: FakeSystem) -> None:
    """The browser stands in New York and its own date is another; the page still shows Beijing's 09:00."""
    page.goto(f"{system.url}/trading.html")

    expect(page.locator(".big-clock__digits")).to_have_text("09:00:03", timeout=8000)
    expect(page.locator(".big-clock .time-left")).to_have_text("还剩 12 分 27 秒")


def test_a_countdown_speaks_in_steps_and_is_silent_between(page: Page, system: FakeSystem) -> None:
    page.goto(f"{system.url}/trading.html")
    speaker = page.locator(".big-clock [data-speaker]")
    expect(speaker).to_have_text("还剩 30 分钟以内")
    page.evaluate(COUNT_CHANGES)

    expect(page.locator(".big-clock__digits")).to_have_text("09:00:03", timeout=8000)

    assert page.evaluate("window.spoken") == 0
    assert page.locator("[data-speaker]").count() == 1


def test_an_amount_is_said_while_it_is_typed(page: Page, system: FakeSystem) -> None:
    page.goto(f"{system.url}/bid.html")
    price, echo = page.locator("#id_price_yuan"), page.locator("output").first

    price.fill("1,680.3")
    expect(echo).to_have_text("1,680.30 元人民币壹仟陆佰捌拾元叁角整")
    price.fill("1680.333")
    expect(echo).to_contain_text("最多两位小数")
    price.fill("１６８０")
    price.blur()

    expect(price).to_have_value("1680")


def test_a_form_refused_by_the_server_leads_to_its_fields(page: Page, system: FakeSystem) -> None:
    page.goto(f"{system.url}/form.html")

    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="最高投标限价").click()

    expect(page.locator("#id_price")).to_be_focused()
    expect(page.locator("#id_price")).to_have_value("十元")
    expect(page.locator("#id_price")).to_have_attribute("aria-describedby", "id_price_error")
    expect(page.locator("#id_title")).to_have_value("班庄镇<农田>")


def test_results_follow_the_filter_and_so_does_the_address(page: Page, system: FakeSystem) -> None:
    page.goto(f"{system.url}/trading.html")
    page.evaluate("document.querySelector('#results').dataset.old = 'yes'")

    page.locator("#filter_q").fill("道路")
    page.wait_for_url("**q=%E9%81%93%E8%B7%AF*")

    expect(page.locator("#results")).not_to_have_attribute("data-old", "yes")
    assert page.locator("#filter_q").input_value() == "道路"


def test_the_keyboard_reaches_the_text_first(page: Page, system: FakeSystem) -> None:
    page.goto(f"{system.url}/404.html")

    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("#main")).to_be_focused()


def test_the_first_column_stays_when_a_table_scrolls(page: Page, system: FakeSystem) -> None:
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    page.goto(f"{system.url}/trading.html")
    frame, cell = page.locator(".data-table__frame").first, page.locator(".data-table tbody th").first
    before = cell.bounding_box()

    frame.evaluate("frame => frame.scrollLeft = 300")

    assert before is not None
    after = cell.bounding_box()
    assert after is not None
    assert after["x"] == before["x"]


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_table_wider_than_the_screen_says_so(page: Page, system: FakeSystem, motion: str) -> None:
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]  # both are values it takes
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 844})
    page.goto(f"{system.url}/trading.html")
    hint = page.locator(".data-table__hint").first
    height = "hint => hint.getBoundingClientRect().height"
    assert hint.text_content() == "本表较宽，向左滑动查看其余各列。"
    assert hint.evaluate(height) > 10

    page.set_viewport_size({"width": 1600, "height": 844})

    expect(hint).to_have_css("max-height", "0px")


def test_on_paper_there_are_no_controls(page: Page, system: FakeSystem) -> None:
    page.goto(f"{system.url}/trading.html")

    page.emulate_media(media="print")

    for gone in (".site-nav", ".filter-bar", ".caller", "[data-preferences]", ".data-table__hint"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(".data-table__frame").first).to_have_css("overflow", "visible")


def test_a_reader_who_wants_no_motion_gets_none(page: Page, system: FakeSystem) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{system.url}/trading.html")

    assert page.locator(".btn").first.evaluate("b => getComputedStyle(b).transitionDuration") == "0s"
