"""The page in a real browser: what a reader sees, presses and never fetches."""

from __future__ import annotations

import re

import pytest

from ganzoo.records import load
from ganzoo.report import write_html

SECTIONS = ["results", "samples", "curves", "certainty", "cost", "objectives", "method", "records"]

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(runs, tmp_path_factory):
    return write_html(load(runs), runs, tmp_path_factory.mktemp("page") / "report.html")


class Tab:
    """A tab with the page, which remembers what was said and asked for."""

    def __init__(self, browser, page, **options):
        self.context = browser.new_context(**options)
        self.tab = self.context.new_page()
        self.said, self.asked = [], []
        self.tab.on("console", lambda message: self.said.append(message.text))
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.goto(page.as_uri())

    def count(self, selector):
        return self.tab.locator(selector).count()

    def fetched(self):
        return [url for url in self.asked if not url.startswith("data:")]


@pytest.fixture
def opened(chromium, page, request):
    tab = Tab(chromium, page, **getattr(request, "param", {}))
    yield tab
    tab.context.close()


def test_sections_are_there_and_nothing_is_fetched_or_wrong(opened, page):
    ids = opened.tab.eval_on_selector_all("main > section", "all => all.map(s => s.id)")
    assert ids == SECTIONS
    assert opened.fetched() == [page.as_uri()]
    assert opened.said == []
    broken = "all => all.filter(i => !i.naturalWidth).length"
    assert opened.tab.eval_on_selector_all("img", broken) == 0


def test_the_slider_moves_through_training(opened):
    films = opened.tab.locator(".films").first
    slider, shown = films.locator("input[type=range]"), films.locator(".moment:visible")
    steps = [int(step) for step in films.get_attribute("data-steps").split()]
    assert shown.count() == films.locator(".film").count() > 1
    before = shown.first.inner_html()
    assert f", step {steps[-1]}<" in before
    slider.focus()
    slider.press("Home")
    assert f", step {steps[0]}<" in shown.first.inner_html() != before
    assert films.locator("output").inner_text() == str(steps[0])
    slider.press("ArrowRight")
    said = shown.locator("p").all_inner_texts()
    assert all(text.endswith(f", step {steps[1]}") for text in said)


def test_a_chip_hides_its_objective(opened):
    own, others = "svg.chart .line.s2:visible", "svg.chart .line.s1:visible"
    curves = f"#curves :is({own})"
    chip = opened.tab.locator(".chips button").nth(2)
    before, rest = opened.count(curves), opened.count(others)
    assert before > 3
    chip.click()
    assert opened.count(curves) == 0
    assert opened.count(others) == rest
    assert chip.get_attribute("aria-pressed") == "false"
    chip.click()
    assert opened.count(curves) == before


def test_curves_go_over_seconds_at_a_click(opened):
    seconds = opened.tab.locator(".over-seconds").first
    assert not seconds.is_visible()
    opened.tab.locator(".by-seconds + label").first.click()
    assert seconds.is_visible()


def test_values_are_read_off_by_pointer_and_by_keys(opened):
    chart = opened.tab.locator("#curves svg.chart:visible").first
    readout = chart.locator("xpath=../div[@class='readout']")
    assert not readout.is_visible()
    chart.hover()
    assert "wgan-gp" in readout.inner_text()
    assert re.search(r"generator steps \d+", readout.inner_text())
    chart.focus()
    chart.press("Home")
    assert "generator steps 150" in readout.inner_text()
    chart.press("ArrowRight")
    assert "generator steps 300" in readout.inner_text()
    chart.press("Escape")
    assert not readout.is_visible()


def test_a_table_is_sorted_and_unsorted(opened):
    table = opened.tab.locator("table.results").first
    labels = table.locator("tbody th.label .name")
    first = labels.all_inner_texts()
    head = table.locator("thead th button", has_text="objective")
    head.click()
    assert labels.all_inner_texts() == sorted(first)
    head.click()
    assert labels.all_inner_texts() == sorted(first, reverse=True)
    head.click()
    assert labels.all_inner_texts() == first


def test_a_number_leads_to_its_record(opened):
    link = opened.tab.locator("table.results td.mean a").first
    place = link.get_attribute("href")
    link.click()
    assert opened.tab.url.endswith(place)
    assert opened.tab.locator(place).is_visible()
    assert "key" in opened.tab.locator(place).inner_text()


@pytest.mark.parametrize("opened", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_everything_is_readable(opened):
    films = opened.tab.locator(".films").first
    assert films.locator(".moment:visible").count() == films.locator(".moment").count()
    assert not films.locator(".slider").is_visible()
    opened.tab.locator(".by-seconds + label").first.click()
    assert opened.tab.locator(".over-seconds").first.is_visible()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_dark_and_light_on_a_phone(chromium, page, scheme):
    tab = Tab(chromium, page, viewport={"width": 400, "height": 800}, color_scheme=scheme)
    style = "getComputedStyle(document.body).backgroundColor"
    channels = [int(channel) for channel in re.findall(r"\d+", tab.tab.evaluate(style))]
    assert (max(channels) < 60) == (scheme == "dark")
    assert tab.tab.evaluate("document.documentElement.scrollWidth") == 400
    assert tab.said == []
    tab.context.close()


def test_print_has_every_moment_and_both_axes(opened):
    opened.tab.emulate_media(media="print")
    films = opened.tab.locator(".films").first
    assert films.locator(".moment:visible").count() == films.locator(".moment").count()
    assert opened.tab.locator(".over-seconds").first.is_visible()
    assert not opened.tab.locator("nav").is_visible()


def test_the_policy_stops_what_escaping_would_miss(chromium, page):
    worse = page.with_name("worse.html")
    slipped = '<script>document.title = "owned"</script><img src="http://127.0.0.1:9/x.png">'
    worse.write_text(page.read_text().replace("<main>", f"<main>{slipped}"))
    tab = Tab(chromium, worse)
    assert tab.tab.title() != "owned"
    assert "Content Security Policy" in " ".join(tab.said)
    broken = "all => all.filter(i => !i.naturalWidth).length"
    assert tab.tab.eval_on_selector_all("img", broken) == 1
    tab.context.close()
