"""The queue on screen: any length costs what is visible, and the cursor stays with its customer."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.style import Style
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip

from carecli.desk.views import Countdown, QueueRow
from carecli.tui.widgets.queue_list import NOBODY_WAITS, QueueList

from .stage import Scene, play, shown, until
from .views import NOW, countdown, queue_row

HEIGHT = 12


class TellingList(QueueList):
    """Keeps what it tells of the row under the cursor."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Message] = []

    def highlighted_message(self, index: int) -> Message:
        self.told.append(super().highlighted_message(index))
        return self.told[-1]


class CountingList(QueueList):
    """Counts the rows that it draws."""

    drawn = 0

    def row_strip(self, index: int, selected: bool, width: int) -> Strip:
        self.drawn += 1
        return super().row_strip(index, selected, width)


class AskingList(QueueList):
    """Keeps which rows it asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[int, ...]] = []

    def on_queue_list_rows_wanted(self, event: QueueList.RowsWanted) -> None:
        self.asked.append(event.ids)


class OpeningList(QueueList):
    """Has more rows than fit before its first picture, and keeps whether each picture had its bar."""

    def __init__(self) -> None:
        super().__init__()
        self.bars: list[bool] = []

    def on_mount(self) -> None:
        filled(self, range(1, 2 * HEIGHT))

    def strips(self, lines: range) -> list[Strip]:
        self.bars.append(bool(self.vertical_scrollbar.region))
        return super().strips(lines)


def rows(ids: Sequence[int]) -> dict[int, QueueRow]:
    return {wait_id: queue_row(wait_id, due_in=60 * wait_id) for wait_id in ids}


def filled(queue: QueueList, ids: Sequence[int]) -> None:
    queue.set_countdown(countdown)
    queue.tick(NOW)
    queue.show(array("q", ids), rows(ids))


def styles(queue: QueueList, line: int) -> list[Style]:
    return [segment.style for segment in queue.render_line(line) if segment.style is not None]


def played(queue: QueueList, scene: Scene) -> list[Message]:
    return play(queue, scene, size=(60, HEIGHT))


def test_the_first_picture_of_a_long_queue_has_its_bar() -> None:
    async def scene(_: Pilot[None]) -> None:
        assert set(queue.bars) == {True}

    queue = OpeningList()
    play(queue, scene, size=(60, HEIGHT))


def test_an_empty_queue_says_so_calmly() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        assert " ".join(" ".join(shown(queue)).split()) == NOBODY_WAITS

    queue = QueueList()
    played(queue, scene)


def test_rows_stand_in_the_order_given() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        filled(queue, [3, 1, 2])
        assert [line[2:20] for line in shown(queue)[:3]] == [
            " 03:00 @customer3 ",
            " 01:00 @customer1 ",
            " 02:00 @customer2 ",
        ]

    queue = QueueList()
    played(queue, scene)


def test_of_a_hundred_thousand_rows_only_the_visible_ones_are_drawn() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        queue.show(array("q", range(1, 100_001)), rows(range(1, 50)))
        await pilot.pause()
        await pilot.press("end")
        await pilot.pause()
        assert queue.cursor == 99_999
        assert queue.drawn <= 3 * HEIGHT

    queue = CountingList()
    played(queue, scene)


def test_the_cursor_stays_on_its_customer_when_others_come_before() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        filled(queue, range(1, 31))
        queue.cursor = 15
        await pilot.pause()
        wait_id, line = queue.highlighted_id, queue.cursor - queue.scroll_offset.y
        queue.show(array("q", [90, 91, *range(1, 31)]), rows([90, 91]))
        await pilot.pause()
        assert queue.highlighted_id == wait_id == 16
        assert queue.cursor - queue.scroll_offset.y == line

    queue = QueueList()
    played(queue, scene)


def test_when_its_customer_has_left_the_cursor_stays_in_place() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        filled(queue, [1, 2, 3])
        queue.cursor = 1
        queue.show(array("q", [1, 3]), {})
        assert queue.highlighted_id == 3
        queue.show(array("q", [1]), {})
        assert queue.highlighted_id == 1
        queue.show(array("q"), {})
        assert queue.highlighted_id is None

    queue = QueueList()
    played(queue, scene)


def test_unknown_rows_are_asked_for_once_and_no_more_than_a_page_around() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        queue.show(array("q", range(1, 1001)), rows(range(1, 6)))
        await until(pilot, lambda: bool(queue.asked))
        assert shown(queue)[5].strip() == "…"
        queue.cursor = 2
        await pilot.pause(0.1)
        assert queue.asked == [tuple(range(6, 2 * HEIGHT + 1))]

    queue = AskingList()
    played(queue, scene)


def test_rows_are_drawn_when_they_are_provided() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        queue.show(array("q", [1, 2]), {})
        assert [line.strip() for line in shown(queue)[:2]] == ["…", "…"]
        queue.provide(rows([2]))
        assert "@customer2" in shown(queue)[1]

    queue = QueueList()
    played(queue, scene)


def test_known_rows_stay_on_screen_until_they_are_read_again() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        filled(queue, [1, 2])
        queue.show(array("q", [2, 1]), {})
        assert "@customer2" in shown(queue)[0]
        await until(pilot, lambda: queue.asked == [(2, 1)])

    queue = AskingList()
    played(queue, scene)


def test_a_tick_draws_only_the_countdowns_that_changed() -> None:
    def coarse(row: QueueRow, now: datetime) -> Countdown:
        return Countdown(9000 if row.wait_id > 3 else int((row.due_at - now).total_seconds()))

    async def scene(pilot: Pilot[None]) -> None:
        filled(queue, range(1, 9))
        queue.set_countdown(coarse)
        queue.tick(NOW)
        await pilot.pause()
        queue.drawn = 0
        queue.tick(NOW + timedelta(seconds=1))
        await pilot.pause()
        assert queue.drawn == 3
        assert "00:59" in shown(queue)[0]

    queue = CountingList()
    played(queue, scene)


def test_one_changed_row_is_drawn_alone() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        filled(queue, range(1, 9))
        await pilot.pause()
        queue.drawn = 0
        queue.show(array("q", range(1, 9)), rows(range(1, 9)) | {3: queue_row(3, text="It burns!")})
        await pilot.pause()
        assert queue.drawn == 1
        assert "It burns!" in shown(queue)[2]

    queue = CountingList()
    played(queue, scene)


def test_the_wait_under_the_cursor_is_told_once_and_again_with_its_details() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        queue.focus()
        queue.show(array("q", [1, 2]), rows([1]))
        queue.show(array("q", [1, 2]), rows([1]))
        await pilot.press("j")
        await until(pilot, lambda: len(queue.told) == 2)
        queue.provide(rows([2]))

    queue = TellingList()
    heard = [message for message in played(queue, scene) if isinstance(message, QueueList.Highlighted)]
    assert [(message.wait_id, message.row is not None) for message in heard] == [(1, True), (2, False), (2, True)]


def test_enter_and_a_double_click_choose() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        filled(queue, [1, 2, 3])
        queue.focus()
        await pilot.press("down", "enter")
        await pilot.click(queue, offset=(10, 2), times=2)

    queue = QueueList()
    chosen = [message.wait_id for message in played(queue, scene) if isinstance(message, QueueList.Chosen)]
    assert chosen == [2, 3]


def test_keys_move_by_line_page_and_end() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        filled(queue, range(1, 101))
        queue.focus()
        for key, cursor in (("j", 1), ("k", 0), ("k", 0), ("pagedown", 12), ("end", 99), ("down", 99), ("pageup", 87)):
            await pilot.press(key)
            assert queue.cursor == cursor
            assert queue.cursor in queue.in_view
        await pilot.press("home")
        assert (queue.cursor, queue.scroll_offset.y) == (0, 0)

    queue = QueueList()
    played(queue, scene)


def test_a_step_over_the_edge_scrolls_half_a_page_so_that_the_next_ones_draw_two_rows() -> None:
    queue = CountingList()

    async def step(pilot: Pilot[None]) -> None:
        filled(queue, range(1, 101))
        await pilot.pause()
        await pilot.press(*["j"] * (HEIGHT - 1))
        assert (queue.cursor, queue.scroll_offset.y) == (HEIGHT - 1, 0)
        await pilot.press("j")
        assert (queue.cursor, queue.scroll_offset.y) == (HEIGHT, 1 + HEIGHT // 2)
        # The page that was scrolled to is drawn first.
        await pilot.pause()
        queue.drawn = 0
        await pilot.press("j")
        assert queue.drawn <= 2
        await pilot.press("end", "home")
        assert (queue.cursor, queue.scroll_offset.y) == (0, 0)

    played(queue, step)


def test_a_keymap_moves_the_keys() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        filled(queue, [1, 2, 3])
        queue.focus()
        pilot.app.set_keymap({"list.down": "d"})
        await pilot.press("j", "d")
        assert queue.cursor == 1

    queue = QueueList()
    played(queue, scene)


def test_the_terminal_cursor_follows_for_screen_readers() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        filled(queue, range(1, 101))
        queue.focus()
        await pilot.press("j", "j")
        assert pilot.app.cursor_position == (0, 2)
        await pilot.press("end")
        assert pilot.app.cursor_position == (0, HEIGHT - 1)

    queue = QueueList()
    played(queue, scene)


def test_the_row_under_the_cursor_is_set_off_with_and_without_focus() -> None:
    async def scene(pilot: Pilot[None]) -> None:
        filled(queue, [1, 2])
        queue.focus()
        await pilot.pause()
        focused, other = styles(queue, 0), styles(queue, 1)
        queue.blur()
        await pilot.pause()
        blurred = styles(queue, 0)
        assert len({style.bgcolor for style in (focused[0], other[0], blurred[0])}) == 3
        assert all(style.bold for style in blurred)

    queue = QueueList()
    played(queue, scene)
