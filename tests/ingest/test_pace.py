"""A clock that runs fast and waits for those who wait for it."""

from __future__ import annotations

import asyncio
import time

import pytest

from ingest.virtual.pace import Pace


async def test_nobody_is_late_by_more_than_a_turn_however_busy_the_computer_is() -> None:
    pace = Pace(1000.0)
    start_s = pace.now()
    late: list[float] = []

    async def every_second() -> None:
        for i in range(1, 6):
            await pace.until(start_s + i)
            late.append(pace.now() - start_s - i)
            time.sleep(0.005)  # noqa: ASYNC251 five seconds of this clock, in which the loop is busy

    await asyncio.gather(every_second(), every_second())
    assert max(late[:8]) <= 1.0  # the other is waiting for its next second
    assert min(late) >= 0.0


async def test_waits_end_in_order_and_time_never_goes_back() -> None:
    pace, order, times = Pace(500.0), [], []
    start_s = pace.now()

    async def wait(after_s: float) -> None:
        await pace.until(start_s + after_s)
        order.append(after_s)
        times.append(pace.now())

    await asyncio.gather(*(wait(s) for s in (3.0, 1.0, 2.0, 1.5)))
    assert order == [1.0, 1.5, 2.0, 3.0]
    assert times == sorted(times)


async def test_the_past_and_a_cancelled_wait_hold_nothing_up() -> None:
    pace = Pace(100.0)
    start_s = pace.now()
    await pace.until(start_s - 5)
    waiting = asyncio.create_task(pace.until(start_s + 1))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await pace.until(start_s + 2)
    assert pace.now() >= start_s + 2


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan")])
def test_time_goes_forward(speed: float) -> None:
    with pytest.raises(ValueError, match="forward"):
        Pace(speed)
