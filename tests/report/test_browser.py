"""The page in a real browser: what a reader sees, presses and never fetches."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from ganzoo.records import load
from ganzoo.report import write_html

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), shutil.which("chromedriver")
ABSENT = "needs /usr/bin/chromium and chromedriver: apt-get install chromium chromium-driver"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (CHROMIUM.exists() and DRIVER), reason=ABSENT),
]


class Browser:
    """As much of the WebDriver protocol as is needed here."""

    def __init__(self, profile, *, dark=False, phone=False):
        self.process = subprocess.Popen(
            [DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        for line in self.process.stdout:
            if found := re.search(r"started successfully on port (\d+)", line):
                self.root = f"http://127.0.0.1:{found[1]}/session"
                break
        arguments = [
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update"),
            f"--user-data-dir={profile}",
            "--window-size=1280,900",
            f"--blink-settings=preferredColorScheme={0 if dark else 1}",
        ]
        options = {"binary": str(CHROMIUM), "args": arguments}
        if phone:
            metrics = {"width": 390, "height": 800, "pixelRatio": 1.0}
            options["mobileEmulation"] = {"deviceMetrics": metrics}
        wanted = {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        try:
            made = self.ask("", {"capabilities": {"alwaysMatch": wanted}})
        except BaseException:
            self.process.terminate()
            raise
        self.root += "/" + made["sessionId"]

    def ask(self, path, body=None, method="POST"):
        data = json.dumps(body or {}).encode()
        request = urllib.request.Request(
            self.root + path, data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def run(self, script):
        return self.ask("/execute/sync", {"script": script, "args": []})

    def logs(self, kind):
        return self.ask("/se/log", {"type": kind})

    def requests(self):
        events = [json.loads(entry["message"])["message"] for entry in self.logs("performance")]
        sent = [e for e in events if e["method"] == "Network.requestWillBeSent"]
        urls = [e["params"]["request"]["url"] for e in sent]
        # The browser's own new tab, before the page.
        return [u for u in urls if not u.startswith(("chrome:", "data:"))]

    def close(self):
        try:
            self.ask("", method="DELETE")
        finally:
            self.process.terminate()
            self.process.wait(timeout=20)


@pytest.fixture(scope="module")
def page(runs, tmp_path_factory):
    return write_html(load(runs), runs, tmp_path_factory.mktemp("page") / "report.html")


@pytest.fixture(scope="module")
def browser(page, tmp_path_factory):
    opened = Browser(tmp_path_factory.mktemp("profile"))
    opened.ask("/url", {"url": page.as_uri()})
    time.sleep(0.2)
    yield opened
    opened.close()


def test_sections_are_there_and_nothing_is_fetched_or_wrong(browser, page):
    sections = browser.run("return [...document.querySelectorAll('main > section')].map(s => s.id)")
    assert sections == ["results", "samples", "curves", "objectives", "cost", "method"]
    assert browser.requests() == [page.as_uri()]
    assert browser.logs("browser") == []
    broken = "return [...document.images].filter(i => !i.naturalWidth).length"
    assert browser.run(broken) == 0


def test_a_chip_sets_its_objective_off(browser):
    back = "return document.querySelectorAll('svg.chart .line.back').length"
    own = "return document.querySelectorAll('svg.chart .line.s2.back').length"
    press = "document.querySelectorAll('.chips button')[2].click()"
    assert browser.run(back) == 0
    browser.run(press)
    assert browser.run(back) > 10
    assert browser.run(own) == 0
    browser.run(press)
    assert browser.run(back) == 0


def test_curves_go_over_seconds_at_a_click(browser):
    shown = "return document.querySelector('.over-seconds').offsetHeight"
    assert browser.run(shown) == 0
    browser.run("document.querySelector('.by-seconds + label').click()")
    assert browser.run(shown) > 100


def test_the_policy_stops_what_escaping_would_miss(browser, page):
    worse = page.with_name("worse.html")
    slipped = '<script>document.title = "owned"</script><img src="http://127.0.0.1:9/x.png">'
    worse.write_text(page.read_text().replace("<main>", f"<main>{slipped}"))
    browser.requests()
    browser.ask("/url", {"url": worse.as_uri()})
    assert browser.run("return document.title") != "owned"
    messages = " ".join(entry["message"] for entry in browser.logs("browser"))
    assert "Content Security Policy" in messages
    assert len(browser.run("return [...document.images].filter(i => !i.naturalWidth)")) == 1


@pytest.mark.parametrize("dark", [True, False])
def test_dark_and_light_on_a_phone(page, tmp_path, dark):
    opened = Browser(tmp_path, dark=dark, phone=True)
    try:
        opened.ask("/url", {"url": page.as_uri()})
        style = "getComputedStyle(document.body).backgroundColor"
        channels = [int(c) for c in re.findall(r"\d+", opened.run(f"return {style}"))]
        assert (max(channels) < 60) == dark
        root = "document.documentElement"
        assert opened.run(f"return {root}.clientWidth") == 390
        assert opened.run(f"return {root}.scrollWidth") == 390
    finally:
        opened.close()
