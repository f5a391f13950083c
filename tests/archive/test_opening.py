"""Opening archives: by their content, from wherever they lie, with a sentence for what is none."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carecli.archive import Archive, ArchiveError, Refusal, Row, load, open_archive
from carecli.archive.base import refusal
from carecli.archive.opening import CARE_CSV, JSON_LINES, MASTODON, X
from carecli.errors import CareError, NotFound
from tests.archive.files import FIXTURES, HEADER, MASTODON_FOLDER, X_FOLDER, care_csv, put, row

LINE = '{"remote_id": "1", "author": {"remote_id": "7"}, "text": "x", "published_at": "2026-03-02T10:00:00Z"}\n'


def zipped(folder: Path, target: Path, within: str = "") -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*.js*")):
            archive.write(file, within + file.relative_to(folder).as_posix())
    return target


def tarred(folder: Path, target: Path, mode: str) -> Path:
    with tarfile.open(target, mode) as archive:  # type: ignore[call-overload]
        for file in sorted(folder.iterdir()):
            archive.add(file, file.name)
    return target


def ids(archive: Archive) -> list[str]:
    return [entry.remote_id for entry in archive.read() if isinstance(entry, Row)]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (care_csv(row(1)), CARE_CSV),
        (HEADER, CARE_CSV),
        ("\ufeff" + care_csv(row(1)), CARE_CSV),
        (LINE, JSON_LINES),
        ("\n" + LINE, JSON_LINES),
        ((X_FOLDER / "data/tweets.js").read_text(encoding="utf-8"), X),
        ((MASTODON_FOLDER / "outbox.json").read_text(encoding="utf-8"), MASTODON),
    ],
)
@pytest.mark.parametrize("name", ["archive", "archive.txt", "tweets.csv", "x.zip"])
def test_the_content_tells_the_format_and_the_name_does_not(tmp_path: Path, content: str, form: str, name: str) -> None:
    assert open_archive(put(tmp_path, content, name)).format == form


@pytest.mark.parametrize("within", ["", "twitter-2018-10-11/"])
def test_a_zip_is_read_like_the_folder_it_was(tmp_path: Path, within: str) -> None:
    archive = open_archive(zipped(X_FOLDER, tmp_path / "x", within))

    assert (archive.format, archive.owner) == (X, open_archive(X_FOLDER).owner)
    assert ids(archive) == ids(open_archive(X_FOLDER))


@pytest.mark.parametrize("mode", ["w:gz", "w"])
def test_a_tar_is_read_like_the_folder_it_was(tmp_path: Path, mode: str) -> None:
    archive = open_archive(tarred(MASTODON_FOLDER, tmp_path / "archive", mode))

    assert (archive.format, archive.owner) == (MASTODON, open_archive(MASTODON_FOLDER).owner)
    assert ids(archive) == ids(open_archive(MASTODON_FOLDER))


def test_a_mastodon_export_can_be_a_zip(tmp_path: Path) -> None:
    assert open_archive(zipped(MASTODON_FOLDER, tmp_path / "m")).format == MASTODON


def test_a_zip_of_one_file_is_that_file(tmp_path: Path) -> None:
    put(tmp_path, care_csv(row(1), row(2)), "twcs.json")

    assert ids(open_archive(zipped(tmp_path, tmp_path / "kaggle"))) == ["1", "2"]


def test_parts_are_read_in_their_order(tmp_path: Path) -> None:
    for number in (0, 1, 2, 10):
        name = f"tweets-part{number}.js" if number else "tweets.js"
        created = "Wed Oct 10 20:19:24 +0000 2018"
        tweet = f'[{{"tweet": {{"id_str": "{number}", "full_text": "x", "created_at": "{created}"}}}}]'
        put(tmp_path, f"window.YTD.tweets.part{number} = {tweet}", name)

    assert ids(open_archive(tmp_path)) == ["0", "1", "2", "10"]


def test_a_gzipped_file_is_that_file(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(care_csv(row(1), row(2)).encode()))
    assert ids(open_archive(path)) == ["1", "2"]


def test_a_gzipped_file_that_breaks_off_is_told_and_what_was_read_counts(tmp_path: Path) -> None:
    rows = care_csv(*(row(number, text=str(hash(str(number)))) for number in range(1, 9000)))
    read = list(open_archive(put(tmp_path, gzip.compress(rows.encode())[:-2000])).read())
    assert isinstance(read[0], Row)
    assert isinstance(read[-1], Refusal)
    assert read[-1].reason.startswith("nothing can be read after this: ")


def test_what_a_system_adds_to_a_zip_or_a_folder_is_nothing(tmp_path: Path) -> None:
    path, folder = tmp_path / "x.zip", tmp_path / "x"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("care/care.csv", care_csv(row(1)))
        archive.writestr("__MACOSX/care/._care.csv", b"\0\5\26\7")
        archive.writestr("care/.DS_Store", b"\0\0\0\1Bud1")
    folder.mkdir()
    put(folder, care_csv(row(1)), "care.csv")
    put(folder, b"\0\0\0\1Bud1", ".DS_Store")
    assert ids(open_archive(path)) == ids(open_archive(folder)) == ["1"]


def test_standard_input_is_asked_for_as_a_file() -> None:
    with pytest.raises(ArchiveError, match="Save it to a file first"):
        open_archive(Path("-"))


def test_what_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no file"):
        open_archive(tmp_path / "nothing.csv")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b" \n \n", "is empty"),
        (b"\x7fELF\x02\x01\x01\0\0\0\0", "is a binary file"),
        (care_csv(row(1)).encode("utf-16"), "is written in UTF-16"),
        (b"Dear desk,\nwe have no broadband.\n", "is in no format that carecli knows"),
        (b"weekday,month,text\nThu,Oct,hello\n", "is in no format that carecli knows"),
        (b'{"conversation_id": "1", "turns": []}\n', "is in no format that carecli knows"),
        (b"PK\x03\x04 and then nothing of a zip", "is packed, and cannot be unpacked"),
        (b"\x1f\x8b\x08 and then nothing of a gzip", "is packed, and cannot be unpacked"),
    ],
)
def test_what_is_no_archive_is_refused_with_a_sentence_and_a_remedy(
    tmp_path: Path, content: bytes, sentence: str
) -> None:
    with pytest.raises(ArchiveError) as refused:
        open_archive(put(tmp_path, content))

    assert sentence in refused.value.sentence
    assert refused.value.remedy
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("place", ["/dev/null", "."])
def test_devices_and_folders_without_an_archive_are_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(ArchiveError):
        open_archive(tmp_path / place)


def test_a_row_that_is_refused_tells_nobodys_card() -> None:
    told = refusal(3, "the time “4111 1111 1111 1111” cannot be read", f"{'x ' * 33}4111 1111 1111 1111,Hello")
    assert "4111" not in told.reason + told.excerpt
    assert told.excerpt.endswith("**** **** ****")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = put(tmp_path, care_csv(row(1)))
    path.chmod(0)

    with pytest.raises(ArchiveError, match="Permission denied"):
        open_archive(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_in_a_folder_that_may_not_be_looked_through_is_read(tmp_path: Path) -> None:
    path = put(tmp_path, (X_FOLDER / "data/tweets.js").read_bytes())
    tmp_path.chmod(0o311)
    try:
        assert open_archive(path).format == X
    finally:
        tmp_path.chmod(0o755)


def test_an_encrypted_or_damaged_member_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = zipped(X_FOLDER, tmp_path / "x")
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        begin = archive.getinfo("data/tweets.js").header_offset
    raw[begin + 60 : begin + 90] = bytes(30)
    read = list(open_archive(put(tmp_path, bytes(raw))).read())

    [refused] = [one for one in read if isinstance(one, Refusal) and one.file == "data/tweets.js"]
    assert refused.reason.startswith("nothing can be read after this: ")
    assert "1050119100000000000" in [one.remote_id for one in read if isinstance(one, Row)]


def test_an_archive_that_was_deleted_meanwhile_is_told(tmp_path: Path) -> None:
    path = put(tmp_path, care_csv(row(1)))
    archive = open_archive(path)
    path.unlink()

    [refused] = archive.read()
    assert isinstance(refused, Refusal)


SEEDS = [
    care_csv(row(1, text="a\nb"), row(2, "AcmeHelp", parent=1)).encode(),
    LINE.encode() * 2,
    *(file.read_bytes() for file in sorted(FIXTURES.rglob("*.js*"))),
]


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """Any bytes, or an archive with some of its bytes replaced, removed or doubled."""
    raw = draw(st.sampled_from(SEEDS))
    form = draw(st.sampled_from(["raw", "zip", "tar", "any"]))
    if form == "any":
        return draw(st.binary(max_size=200))
    if form == "zip":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(draw(st.sampled_from(["data/tweets.js", "outbox.json", "file"])), raw)
        raw = packed.getvalue()
    if form == "tar":
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as tar:
            info = tarfile.TarInfo("outbox.json")
            info.size = len(raw)
            tar.addfile(info, io.BytesIO(raw))
        raw = packed.getvalue()
    for _ in range(draw(st.integers(0, 3))):
        begin = draw(st.integers(0, len(raw)))
        raw = raw[:begin] + draw(st.binary(max_size=5)) + raw[begin + draw(st.integers(0, 40)) :]
    return raw


@given(spoiled())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_file_raises_anything_but_what_is_told_to_a_person(tmp_path: Path, content: bytes) -> None:
    try:
        loaded = load(put(tmp_path, content))
    except CareError as told:
        assert told.sentence
        assert told.remedy
    else:
        for account in loaded.accounts.values():
            for item in account.items:
                f"{item.remote_id}{item.text}{item.author.handle}{item.parent_remote_id}".encode()
