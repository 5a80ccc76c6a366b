from __future__ import annotations

import pytest

from analysis.protocol import OneLeg, Protocol, Stand, Walk
from insole.recording import Side
from tests.browser.conftest import ARTIFACTS, keep, serious
from tests.browser.guiding import guide, on_virtual_insoles

FPS = "() => Number(document.body.dataset.fps)"


SHARES_OF_A_RIGHT_HEAVY_WALK = """() => {
  const [left, right] = ["left", "right"].map(s => Number(document.querySelector(`[data-share=${s}]`).textContent))
  return right > left && 99 <= left + right && left + right <= 101
}"""


INKED = """selector => {
  const canvas = document.querySelector(selector)
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
  return pixels.some((value, i) => i % 4 === 3 && value > 0)
}"""


def streaming(look, service, **how):
    service.feed()
    page = look("/live", **how)
    page.wait_for_selector("#state:text-is('Streaming')")
    return page


def test_without_a_stream_the_page_says_what_to_do_and_starts_by_itself(look, service):
    page = look("/live")
    page.wait_for_selector("#no-stream:visible")
    assert "Searching for insoles." in page.locator("#no-stream").text_content()
    assert page.get_by_text("insole demo").is_visible()
    page.screenshot(path=ARTIFACTS / "live-none.png")
    service.feed()
    page.wait_for_selector("#stream:visible")


def test_frames_are_drawn_and_numbers_move(look, service):
    page = streaming(look, service)
    page.wait_for_function(f"() => ({FPS})() > 0")
    page.wait_for_function("() => Number(document.querySelector('[data-now=steps][data-side=left]').textContent) > 1")
    page.wait_for_function(SHARES_OF_A_RIGHT_HEAVY_WALK)
    page.wait_for_function(INKED, arg="#trace .layer.above")
    page.wait_for_function(INKED, arg="#map .layer.below")
    assert page.evaluate("document.getElementById('map').data[2].x.length") == 0
    page.screenshot(path=ARTIFACTS / "live.png", full_page=True)


def test_a_silent_foot_is_named_and_its_map_is_empty(look, service):
    page = streaming(look, service)
    service.stream.silent.add(Side.RIGHT)
    page.wait_for_selector("#state:has-text('right foot silent for')")
    page.wait_for_function("() => document.getElementById('map').data[2].x.length === 16")
    page.wait_for_function("() => document.querySelector('#share-bar').parentElement.matches('.unknown')")
    assert page.locator("[data-share=left]").text_content() == "\N{EN DASH}"
    page.screenshot(path=ARTIFACTS / "live-silent.png", full_page=True)
    service.stream.silent.clear()
    page.wait_for_selector("#state:text-is('Streaming')")


def test_a_dropped_socket_is_opened_again(look, service):
    page = look("/live", forgive=("WebSocket",))
    page.wait_for_selector("body[data-socket=open]")
    service.stop()
    page.wait_for_selector("#state:has-text('reconnecting')")
    assert page.locator("body").get_attribute("data-socket") == "closed"
    service.start()
    page.wait_for_selector("body[data-socket=open]")
    assert "reconnecting" not in page.locator("#state").text_content()


def test_figures_stay_in_their_cards_when_the_window_changes(look, service):
    page = streaming(look, service)
    page.wait_for_function(f"() => ({FPS})() > 0")
    page.set_viewport_size({"width": 1100, "height": 1200})
    page.wait_for_timeout(500)
    heights = page.evaluate(
        "[...document.querySelectorAll('.plot')].map(p => [p.offsetHeight, p.querySelector('.main-svg').clientHeight])"
    )
    assert len(heights) == 2
    assert all(place == drawn > 200 for place, drawn in heights)


def test_dark_and_on_a_phone(look, service):
    page = streaming(look, service, width=390, height=844, scheme="dark")
    page.wait_for_function(f"() => ({FPS})() > 0")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("document.getElementById('trace').layout.font.color") == "#e8edf1"
    page.screenshot(path=ARTIFACTS / "live-phone-dark.png", full_page=True)


def test_one_foot_is_shown_as_one(look, service):
    service.stream.sides = (Side.RIGHT,)
    page = streaming(look, service)
    page.wait_for_selector("#one-foot:has-text('Right foot only')")
    assert page.locator("[data-share=right]").text_content() == "\N{EN DASH}"
    page.wait_for_function("() => document.querySelector('[data-fore=right]').textContent !== '\u2013'")
    page.screenshot(path=ARTIFACTS / "live-one-foot.png", full_page=True)


SHORT = Protocol("short", "Short", (Stand(3.0), Walk(4), OneLeg(Side.LEFT, 2.0)))


class TestVirtualInsoles:
    @pytest.fixture
    def service(self, store, monkeypatch):
        with on_virtual_insoles(store, SHORT, monkeypatch) as made:
            yield made

    def test_record_then_a_guided_test_to_a_sealed_recording(self, look, store):
        page = look("/live")
        page.get_by_role("button", name="Connect the insoles").click()
        page.wait_for_selector("#stream:visible")
        page.get_by_label("Subject", exact=True).select_option("new")
        page.get_by_role("button", name="Start recording").click()
        page.get_by_text("Give the new subject a code first").wait_for()
        page.get_by_label("Code of the new subject").fill("P-007")
        page.get_by_label("Condition", exact=True).select_option("orthosis A")
        page.get_by_role("button", name="Start recording").click()
        page.wait_for_selector("#state:text-is('Recording')")
        page.screenshot(path=ARTIFACTS / "live-recording.png", full_page=True)
        assert serious(page) == []
        page.get_by_role("button", name="Stop").click()
        page.locator("#last-link").wait_for()
        guide(page, SHORT, see=True)
        infos = store.list()
        assert [(i.about.subject_code, i.about.condition, i.state) for i in infos] == [
            ("P-007", "orthosis A", "sealed")
        ] * 2
        page.locator("#guide-link").click()
        page.wait_for_selector("body[data-figures=drawn]")
        assert page.url.endswith(infos[0].id)

    def test_the_conditions_of_a_subject_can_be_chosen_again(self, look, store):
        keep(store, "clogs with a wedge")
        keep(store, "barefoot")
        page = look("/live")
        own = page.locator("#condition [data-own]")
        page.get_by_label("Subject", exact=True).select_option(label="P-001")
        own.wait_for(state="attached")
        assert own.all_text_contents() == ["clogs with a wedge"]
        page.get_by_label("Condition", exact=True).select_option("clogs with a wedge")
        page.get_by_label("Subject", exact=True).select_option("")
        own.wait_for(state="detached")
