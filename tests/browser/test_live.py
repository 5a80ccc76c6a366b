from __future__ import annotations

from insole.recording import Side
from tests.browser.conftest import ARTIFACTS

FPS = "() => Number(document.body.dataset.fps)"


SHARES_OF_A_RIGHT_HEAVY_WALK = """() => {
  const [left, right] = ["left", "right"].map(s => Number(document.querySelector(`[data-share=${s}]`).textContent))
  return right > left && 99 <= left + right && left + right <= 101
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
    assert page.evaluate("document.getElementById('trace').data.map(t => t.x.length > 100)") == [True, True]
    assert page.evaluate("document.getElementById('map').data[2].x.length") == 0
    page.screenshot(path=ARTIFACTS / "live.png", full_page=True)


def test_a_silent_foot_is_named_and_its_map_is_empty(look, service):
    page = streaming(look, service)
    service.stream.silent.add(Side.RIGHT)
    page.wait_for_selector("#state:has-text('right foot silent for')")
    page.wait_for_function("() => document.getElementById('map').data[2].x.length === 16")
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
