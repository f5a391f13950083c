"""Threads of an archive: which rows belong together by their links alone.

A post that is missing is a place of its own, which unites those that answer it. Pure; not for one network's own
notion of a conversation, except where the archive gives its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from carecli.archive.base import Row


def threads(rows: Iterable[Row]) -> list[list[Row]]:
    """Return the rows in groups that are connected by parent links or by the network's own thread id.

    Groups stand in the order of their first row, rows within them in the order given.
    """
    places: dict[str, int] = {}
    above: list[int] = []

    def place(name: str) -> int:
        if name not in places:
            places[name] = len(above)
            above.append(len(above))
        return places[name]

    def top(node: int) -> int:
        while above[node] != node:
            above[node] = node = above[above[node]]
        return node

    listed = list(rows)
    for row in listed:
        own = place(row.remote_id)
        if row.parent_remote_id is not None:
            above[top(own)] = top(place(row.parent_remote_id))
        if row.thread_remote_id is not None:
            # No id of a post begins with a space.
            above[top(own)] = top(place(f" {row.thread_remote_id}"))
    groups: dict[int, list[Row]] = {}
    for row in listed:
        groups.setdefault(top(places[row.remote_id]), []).append(row)
    return list(groups.values())


def ancestry(rows: Mapping[str, Row]) -> tuple[dict[str, int], set[str]]:
    """Return how many of the given rows stand above each one, and whose parent link is wrong.

    Wrong is a link that closes a circle: no post answers one that answers it. It is counted as if it were not there.
    """
    depths: dict[str, int] = {}
    wrong: set[str] = set()
    for start in rows:
        path: dict[str, None] = {}
        current: str | None = start
        while current is not None and current in rows and current not in depths and current not in path:
            path[current] = None
            current = rows[current].parent_remote_id
        if current is not None and current in path:
            wrong.add(next(reversed(path)))
        depth = -1 if current is None else depths.get(current, -1)
        for remote_id in reversed(path):
            depth += 1
            depths[remote_id] = depth
    return depths, wrong
