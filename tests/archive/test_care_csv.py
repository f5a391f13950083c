"""The care CSV: every good row is there, every other is told with its line and reason."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carecli.archive import ArchiveError, Row, open_archive
from carecli.archive.care_csv import COLUMNS, read
from tests.archive.files import HEADER, TUESDAY, care_csv, put, row, rows, sorted_out

NINETEEN_DIGITS = "1131172867985485825"


def test_a_row_is_read_with_all_it_says(tmp_path: Path) -> None:
    [read_row] = rows(put(tmp_path, care_csv(row(2, "AcmeHelp", "@1 Sorry! ^CL", parent=1, responses="3,4"))))

    assert read_row.line == 2
    assert (read_row.remote_id, read_row.parent_remote_id, read_row.replies) == ("2", "1", ("3", "4"))
    assert (read_row.author.remote_id, read_row.author.handle, read_row.own) == ("AcmeHelp", "AcmeHelp", True)
    assert (read_row.text, read_row.visibility) == ("@1 Sorry! ^CL", "public")
    assert read_row.published_at == datetime(2017, 10, 31, 22, 10, 47, tzinfo=UTC)


def test_no_digit_of_an_id_is_lost(tmp_path: Path) -> None:
    parent = "1131032916232826881"
    [read_row] = rows(put(tmp_path, care_csv(row(NINETEEN_DIGITS, parent=f"{parent}.0", responses=NINETEEN_DIGITS))))

    assert (read_row.remote_id, read_row.parent_remote_id, read_row.replies) == (
        NINETEEN_DIGITS,
        parent,
        (NINETEEN_DIGITS,),
    )


@pytest.mark.parametrize("cell", ["1.131172867985486e+18", "1.13E18", "113e16"])
@pytest.mark.parametrize("column", [0, 5, 6])
def test_an_id_whose_digits_are_gone_is_refused(tmp_path: Path, cell: str, column: int) -> None:
    broken = row(1)
    broken[column] = cell
    good, [refused], _ = sorted_out(put(tmp_path, care_csv(row(7), broken, row(8))))

    assert [one.remote_id for one in good] == ["7", "8"]
    assert refused.line == 3
    assert refused.reason == f"the id {cell} has lost its last digits; export ids as text"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({0: ""}, "an empty cell is no id"),
        ({0: "12 monkeys"}, "“12 monkeys” is no id"),
        ({1: ""}, "it has no author"),
        ({2: "maybe"}, "inbound is neither True nor False: “maybe”"),
        ({3: "yesterday"}, "the time “yesterday” cannot be read"),
        ({3: ""}, "it has no time, and its id tells none"),
        ({6: "the one above"}, "“the one above” is no id"),
        ({3: "Tue Oct 32 22:10:47 +0000 2017"}, "the time “Tue Oct 32 22:10:47 +0000 2017” cannot be read"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(tmp_path: Path, change: dict[int, str], reason: str) -> None:
    broken = [change.get(place, cell) for place, cell in enumerate(row(1))]
    _, [refused], _ = sorted_out(put(tmp_path, care_csv(broken)))

    assert (refused.line, refused.reason) == (2, reason)


def test_a_missing_time_follows_from_the_id(tmp_path: Path) -> None:
    [read_row] = rows(put(tmp_path, care_csv(row(NINETEEN_DIGITS, at=""))))

    assert read_row.published_at.replace(microsecond=0) == datetime(2019, 5, 22, 12, 20, 2, tzinfo=UTC)


def test_a_post_does_not_answer_itself(tmp_path: Path) -> None:
    [read_row] = rows(put(tmp_path, care_csv(row(5, parent="5.0"))))

    assert read_row.parent_remote_id is None


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("I &lt;3 it &gt;&gt; &quot;yes&quot; &#39;no&#39;", "I <3 it >> \"yes\" 'no'"),
        ("a &lt; b & c", "a &lt; b & c"),
        ("Q&A <3", "Q&A <3"),
        ("write &amp;nbsp; there", "write &nbsp; there"),
        ("", ""),
        ("@a @b @c @d @e @f @g @h @i @j hello", "@a @b @c @d @e @f @g @h @i @j hello"),
        ("‏שלום 👨‍👩‍👧 [link] \u202eevil", "‏שלום 👨‍👩‍👧 [link] \u202eevil"),
        ("line\r\nbreaks\nare kept", "line\r\nbreaks\nare kept"),
    ],
)
def test_the_text_is_what_the_author_wrote(tmp_path: Path, stored: str, written: str) -> None:
    [read_row] = rows(put(tmp_path, care_csv(row(1, text=stored))))

    assert read_row.text == written


@pytest.mark.parametrize(
    "torn",
    [
        "20,AcmeHelp,False,Tue Oct 31 22:10:47 +0000 2017,we are\nsorry, Max,21,19\n",
        '20,AcmeHelp,False,Tue Oct 31 22:10:47 +0000 2017,"we are sorry\n',
        '20,AcmeHelp,False,Tue Oct 31 22:10:47 +0000 2017,"we are\n\nso\nsorry\n',
        "20,AcmeHelp,False,Tue Oct 31 22:1\n",
        '20,AcmeHelp,False,Tue Oct 31 22:10:47 +0000 2017,"we are "sorry" Max",21,19\n',
        '20,AcmeHelp,False,Tue Oct 31 22:10:47 +0000 2017,"we are sorry"\n',
        "20,AcmeHelp,False,Tue Oct 31 22:10:47 +0000 2017,we are sorry, Max,21,19\n",
        'and this is what is left of a row",,\n',
    ],
)
@pytest.mark.parametrize(
    "next_row",
    [
        row(21, text="short"),
        row(21, text="with, comma"),
        row(21, text='"quoted" and, more'),
        row(21, text="two\nlines"),
        row(21, text="\nbegins with a break"),
        row(21, text='says "12,a,True,b"\n22,AcmeHelp,False,'),
    ],
)
def test_a_torn_row_costs_itself_and_no_other(tmp_path: Path, torn: str, next_row: list[str]) -> None:
    before, after = care_csv(row(18), row(19, text="a\nb")), care_csv(next_row, row(23), header=[]).lstrip("\r\n")
    good, [refused], _ = sorted_out(put(tmp_path, before + torn + after))

    assert [(one.remote_id, one.text) for one in good] == [
        ("18", "hello"),
        ("19", "a\nb"),
        ("21", next_row[4]),
        ("23", "hello"),
    ]
    assert refused.line == 5
    assert refused.reason.startswith("the row")
    assert torn.startswith(refused.excerpt[:20])


def test_a_row_whose_text_ends_in_a_quote_is_not_swallowed(tmp_path: Path) -> None:
    torn = f'20,AcmeHelp,False,{TUESDAY},"we are sorry\n'
    inches = f'21,115712,True,{TUESDAY},a screen of 5",,20\n'
    good, [refused], _ = sorted_out(put(tmp_path, f"{HEADER}\n{torn}{inches}"))

    assert [(one.remote_id, one.text, one.line) for one in good] == [("21", 'a screen of 5"', 3)]
    assert (refused.line, refused.reason) == (2, "the row is torn: its quote is not closed before the next row")


@pytest.mark.parametrize("column", [0, 2])
def test_a_row_that_cannot_be_read_is_told_even_behind_a_torn_one(tmp_path: Path, column: int) -> None:
    torn = f"20,AcmeHelp,False,{TUESDAY},we are sorry, Max,21,19\n"
    bad = row(21)
    bad[column] = "maybe"
    after = care_csv(bad, row(22), header=[]).lstrip()
    good, refused, _ = sorted_out(put(tmp_path, f"{HEADER}\n{torn}{after}"))

    assert [one.remote_id for one in good] == ["22"]
    assert [one.line for one in refused] == [2, 3]


def test_a_quoted_row_within_a_text_is_part_of_the_text(tmp_path: Path) -> None:
    text = f"look:\n22,AcmeHelp,False,{TUESDAY},hi,,\nfunny"
    good = rows(put(tmp_path, care_csv(row(21, text=text), row(22))))

    assert [one.text for one in good] == [text, "hello"]


def test_a_torn_row_within_another_s_line_is_not_given_an_invented_id(tmp_path: Path) -> None:
    joined = f'20,AcmeHelp,False,{TUESDAY},"call 55521,115712,True,{TUESDAY},hello,,\n'
    good, [refused], _ = sorted_out(put(tmp_path, f"{HEADER}\n{joined}{','.join(row(22))}\n"))

    assert [one.remote_id for one in good] == ["22"]
    assert refused.line == 2


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    text = care_csv(row(1, text="one\ntwo\nthree"), row("x"), row(2)).replace("\r\n", "\n")
    good, [refused], _ = sorted_out(put(tmp_path, text))

    assert [one.line for one in good] == [2, 6]
    assert refused.line == 5


def test_a_quote_that_is_never_closed_ends_with_the_file(tmp_path: Path) -> None:
    _, [refused], _ = sorted_out(put(tmp_path, f'{HEADER}\n1,a,True,{TUESDAY},"' + "and so on\n" * 1000))

    assert (refused.line, refused.reason) == (2, "the row is torn: its quote is never closed")


@pytest.mark.parametrize(
    "form",
    [
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace("\r\n", "\n").encode(),
        lambda text: text.replace("\r\n", "\r").encode(),
        lambda text: text.rstrip("\r\n").encode(),
        lambda text: b"\r\n\r\n" + text.encode(),
        lambda text: text.replace("\r\n", "\r\n\r\n").encode(),
        lambda text: text.partition("\r\n")[2].encode(),
        lambda text: text.replace("tweet_id,", "Tweet_ID, ", 1).encode(),
    ],
    ids=["BOM", "LF", "CR", "no end", "blank first", "blank between", "no header", "spaced header"],
)
def test_the_same_rows_come_out_of_every_way_to_write_them(tmp_path: Path, form: object) -> None:
    assert callable(form)
    text = care_csv(row(1, text="café, “olé”"), row(2, "AcmeHelp", "Sorry", parent=1))

    assert [(one.remote_id, one.text) for one in rows(put(tmp_path, form(text)))] == [
        ("1", "café, “olé”"),
        ("2", "Sorry"),
    ]


def test_bytes_that_are_no_utf8_are_read_as_windows_1252(tmp_path: Path) -> None:
    raw = care_csv(row(1, text="X")).encode().replace(b"X", "é ’".encode("cp1252") + " 👍 é".encode())

    assert [one.text for one in rows(put(tmp_path, raw))] == ["é ’ 👍 é"]


def test_a_nul_does_no_harm(tmp_path: Path) -> None:
    good, [refused], _ = sorted_out(put(tmp_path, care_csv(row(1, text="a\0b"), row("\x003"), row(2))))

    assert [(one.remote_id, one.text) for one in good] == [("1", "a\N{REPLACEMENT CHARACTER}b"), ("2", "hello")]
    assert refused.line == 3


def test_columns_are_found_by_their_names(tmp_path: Path) -> None:
    header = ["text", "likes", "tweet_id", "inbound", "author_id", "created_at"]
    path = put(tmp_path, care_csv(["hi,\nthere", "9", "1", "False", "AcmeHelp", TUESDAY], header=header))

    [read_row] = rows(path)
    assert (read_row.remote_id, read_row.text, read_row.own, read_row.parent_remote_id) == (
        "1",
        "hi,\nthere",
        True,
        None,
    )


@pytest.mark.parametrize("missing", ["author_id", "inbound"])
def test_a_file_without_a_needed_column_is_refused_as_a_whole(tmp_path: Path, missing: str) -> None:
    header = [name for name in COLUMNS if name != missing]
    with pytest.raises(ArchiveError, match=f"lacks the column {missing}"):
        open_archive(put(tmp_path, care_csv(header=header)))


def test_a_header_that_comes_again_is_skipped(tmp_path: Path) -> None:
    good, refused, [skipped] = sorted_out(put(tmp_path, care_csv(row(1)) + care_csv(row(2))))

    assert ([one.remote_id for one in good], refused, skipped.line) == (["1", "2"], [], 3)


def test_what_is_told_of_a_refused_row_is_safe_to_show(tmp_path: Path) -> None:
    _, [refused], _ = sorted_out(put(tmp_path, care_csv(row(1, at="\x1b]0;owned\x07"), row(2))))

    assert "\x1b" not in refused.reason + refused.excerpt
    assert len(refused.excerpt) <= 80


CELL_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0&"))


@given(
    st.lists(
        st.tuples(st.integers(1, 2**63), CELL_TEXT, st.none() | st.integers(1, 2**63)),
        unique_by=lambda cells: cells[0],
        max_size=6,
    ),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_written_as_csv_comes_back(
    posts: list[tuple[int, str, int | None]], quoting: int, ending: str
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=quoting, lineterminator=ending)  # type: ignore[arg-type]
    writer.writerow(COLUMNS)
    writer.writerows(row(number, text=text, parent=parent or "") for number, text, parent in posts)

    read_rows = list(read(io.BytesIO(file.getvalue().encode())))
    assert [(one.remote_id, one.text, one.parent_remote_id) if isinstance(one, Row) else one for one in read_rows] == [
        (str(number), text, str(parent) if parent and parent != number else None) for number, text, parent in posts
    ]


@given(st.lists(st.sampled_from([*(",".join(row(n, text=f"t{n}")) for n in range(3)), '"', ",", "\n", "é", "a"])))
def test_whatever_stands_between_them_lines_that_are_rows_are_read(pieces: list[str]) -> None:
    """Rows on lines of their own, after an unquoted line break, survive whatever is around them."""
    garbage = "".join(piece for piece in pieces if len(piece) == 1)
    text = f"{HEADER}\n{garbage}\n" + "\n".join(",".join(row(n)) for n in range(3)) + "\n"

    found = [one.remote_id for one in read(io.BytesIO(text.encode())) if isinstance(one, Row)]
    assert found == ["0", "1", "2"]
