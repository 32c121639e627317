"""Manifests: read as they are written by others, and refused with the line that is wrong."""

from __future__ import annotations

import csv
import io
import threading
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk.local.manifests.manifest import Manifest, read_manifest
from datasync_sdk.local.transfer.job import Cancelled, FolderPlace, ManifestEntry, Metadata, TransferError
from datasync_sdk.manifests.lines import MOST, Line, ManifestError, lines_of
from tests.local.transfer.kit import Node, build, snapshot, world

ROLE = "arn:aws:iam::123456789012:role/manifest"

paths = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=300)
    .map(lambda text: text.encode()[:1024].decode(errors="ignore").strip("/"))
    .filter(bool)
)
entries = st.lists(st.tuples(paths, st.none() | paths), min_size=1, max_size=8, unique_by=lambda one: one[0])


def pieces(content: bytes, sizes: list[int]) -> Iterator[bytes]:
    """The content, cut after so many bytes each, and the rest."""
    for size in sizes:
        yield content[:size]
        content = content[size:]
    yield content


def fields(lines: Iterator[Line]) -> list[tuple[str, str | None]]:
    return [(line.path, line.version_id) for line in lines]


def config(path: str = "lists/manifest.csv", version_id: str | None = None) -> m.S3ManifestConfig:
    return m.S3ManifestConfig(
        s3_bucket_arn="arn:aws:s3:::bucket",
        manifest_object_path=path,
        bucket_access_role_arn=ROLE,
        manifest_object_version_id=version_id,
    )


@pytest.fixture
def place(tmp_path: Path) -> FolderPlace:
    folder = tmp_path / "bucket"
    (folder / "lists").mkdir(parents=True)
    return FolderPlace(folder=folder, metadata=Metadata.OBJECT)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def read(place: FolderPlace, work: Path, content: bytes) -> Manifest:
    """Read a manifest with this content."""
    (place.folder / "lists" / "manifest.csv").write_bytes(content)
    return read_manifest(place, config(), work)


def refused(place: FolderPlace, work: Path, content: bytes) -> str:
    """What is said of a manifest with this content."""
    with pytest.raises(TransferError) as caught:
        read(place, work, content)
    assert caught.value.code == "ManifestInvalid"
    start = "The manifest s3://bucket/lists/manifest.csv is not valid. "
    assert caught.value.detail.startswith(start)
    return caught.value.detail.removeprefix(start)


@given(listed=entries, end=st.sampled_from(["\n", "\r", "\r\n"]), sizes=st.lists(st.integers(1, 40)))
def test_what_the_csv_module_writes_is_read(
    listed: list[tuple[str, str | None]], end: str, sizes: list[int]
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
        [field for field in entry if field is not None] for entry in listed
    )
    assert fields(lines_of(pieces(text.getvalue().encode(), sizes))) == listed


@given(listed=st.lists(paths.filter(lambda path: path == path.strip(" \t")), min_size=1, unique=True))
def test_what_the_csv_module_writes_with_few_quotes_is_read(listed: list[str]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([path] for path in listed)
    assert fields(lines_of([text.getvalue().encode()])) == [(path, None) for path in listed]


def naive(text: str) -> list[tuple[str, str | None]] | None:
    """What a manifest lists, character by character; None if it breaks a rule."""
    rows: list[list[str]] = []
    rest = text
    while rest:
        row: list[str] = []
        while True:
            cut = naive_field(rest)
            if cut is None:
                return None
            value, rest = cut
            row.append(value)
            if not rest.startswith(","):
                break
            rest = rest[1:]
        rest = rest[2:] if rest.startswith("\r\n") else rest[1:]
        if len(row) > 2 or not all(row) or row[0].endswith("/") or row[0].startswith("//"):
            return None
        rows.append(row)
    return [(row[0].removeprefix("/"), row[1] if len(row) == 2 else None) for row in rows] or None


def naive_field(text: str) -> tuple[str, str] | None:
    """A field at the beginning of a text, and what follows it."""
    if text.startswith('"'):
        rest = text[1:]
        value = ""
        while rest:
            if rest.startswith('""'):
                value, rest = value + '"', rest[2:]
            elif rest.startswith('"'):
                break
            else:
                value, rest = value + rest[0], rest[1:]
        if rest.startswith('"') and rest[1:2] in {"", ",", "\r", "\n"}:
            return value, rest[1:]
    end = 0
    while end < len(text) and text[end] not in ",\r\n":
        end += 1
    plain, rest = text[:end], text[end:]
    if '"' in plain.replace('""', "") or plain != plain.strip(" \t"):
        return None
    return plain.replace('""', '"'), rest


@settings(max_examples=1000)
@given(text=st.text(st.sampled_from('ab",\n\r /é'), max_size=12), sizes=st.lists(st.integers(1, 5)))
def test_what_is_read_is_what_the_rules_say(text: str, sizes: list[int]) -> None:
    try:
        found = fields(lines_of(pieces(text.encode(), sizes)))
    except ManifestError:
        found = None
    assert found == naive(text)


@given(listed=entries, data=st.data())
def test_no_change_to_a_manifest_makes_it_crash(
    tmp_path_factory: pytest.TempPathFactory, listed: list[tuple[str, str | None]], data: st.DataObject
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([field for field in entry if field is not None] for entry in listed)
    content = bytearray(text.getvalue().encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    top = tmp_path_factory.mktemp("top")
    (top / "lists").mkdir()
    place = FolderPlace(folder=top, metadata=Metadata.OBJECT)
    try:
        manifest = read(place, top, bytes(content))
    except TransferError:
        (top / "manifest.sqlite").unlink()
        said = refused(place, top, bytes(content))
        assert said.startswith("Line " if content else "It is empty")
    else:
        assert len(manifest) == len(list(manifest)) > 0


@pytest.mark.parametrize(
    ("content", "listed"),
    [
        (b"photos/picture1.png,111111\nphotos/picture3.png", [("photos/picture1.png", "111111"), 0]),
        (b'"filename,with,commas.txt"\r\n', ["filename,with,commas.txt"]),
        (b'"this\nis\na\nfilename.txt"', ["this\nis\na\nfilename.txt"]),
        (b'filename""with""quotes.txt\n', ['filename"with"quotes.txt']),
        (b'""all"" quotes\r', ['"all" quotes']),
        (b'"""all"" quotes",""""\r', [('"all" quotes', '"')]),
        ("documents/résumé1.pdf".encode(), ["documents/résumé1.pdf"]),
        (b"/with a slash.txt\nand spaces", ["with a slash.txt", "and spaces"]),
        (b'" spaces ", "\na', None),
        (b'" spaces "," "\n', [(" spaces ", " ")]),
    ],
)
def test_examples(content: bytes, listed: list[str | tuple[str, str] | int] | None) -> None:
    if listed is None:
        with pytest.raises(ManifestError):
            list(lines_of([content]))
        return
    expected = [("photos/picture3.png", None) if one == 0 else one for one in listed]
    assert fields(lines_of([content])) == [(one, None) if isinstance(one, str) else one for one in expected]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "It is empty: it has to list at least one file."),
        (b"\n", "Line 1: it is empty."),
        (b"a\n\nb\n", "Line 2: it is empty."),
        (b"a\r\rb\r", "Line 2: it is empty."),
        (b"a\r\n\r\n", "Line 2: it is empty."),
        (b"\xef\xbb\xbfa\n", "Line 1: it begins with a byte order mark. Save the file as UTF-8 without one."),
        (b"a\nb\xff\n", "Line 2: the path is not UTF-8."),
        (b"a,\xff\n", "Line 1: the version ID is not UTF-8."),
        ("ä".encode("utf-16"), "Line 1: the path is not UTF-8."),
        (
            b"a\nfolder/\n",
            "Line 2: 'folder/' is a folder. List its files, or use an include filter instead of a",
        ),
        (b'"a\nb"\n/\n', "Line 3: '/' is a folder."),
        (b"a\n b\n", "Line 2: spaces are around the path. Remove them, or put them in quotes with it."),
        (b"a\nb \n", "Line 2: spaces are around the path."),
        (b"a\nb\t\n", "Line 2: spaces are around the path."),
        (b"a, 1\n", "Line 1: spaces are around the version ID."),
        (b" \n", "Line 1: spaces are around the path."),
        (b"a,1,2\n", "Line 1: it has more than two fields. If the path has commas, put it in quotes."),
        (b"a,1,\n", "Line 1: it has more than two fields."),
        (b"a,\n", "Line 1: the version ID is empty."),
        (b",1\n", "Line 1: the path is empty."),
        (b'""\n', "Line 1: the path is empty."),
        (b'a\n"b\nc\n', "Line 2: the path begins with a quote that is not closed."),
        (b'a\nb,"c\n', "Line 2: the version ID begins with a quote that is not closed."),
        (b'"a"b\n', "Line 1: something follows the quote that ends the path. Double the quotes"),
        (b'"a" ,b\n', "Line 1: something follows the quote that ends the path."),
        (b'a,"b"c\n', "Line 1: something follows the quote that ends the version ID."),
        (b'"a\r\nb\rc\nd"\na"b\n', 'Line 5: a quote within the path is not doubled ("").'),
        (b'a,b"\n', 'Line 1: a quote within the version ID is not doubled ("").'),
        (b"a" * 1024 + b"\n" + b"b" * 1025, "Line 2: the path has 1,025 bytes; it may have 1,024."),
        (b"a," + b"b" * 1025, "Line 1: the version ID has 1,025 bytes; it may have 1,024."),
        (b"a\n" + b"b" * 5000, "Line 2: the path may have 1,024 bytes, and it has more, or a quote in it is"),
        (b'a\n"' + b"b\n" * 900, "Line 2: the path begins with a quote that is not closed."),
        (b'a\n"' + b"b\n" * 9000, "Line 2: the path may have 1,024 bytes, and it has more, or a quote"),
        (
            b'a\n"' + b"b\n" * 9000 + b'"',
            "Line 2: the path may have 1,024 bytes, and it has more, or a quote",
        ),
        (b"a\0\n", "Line 1: the path has a NUL character, which none can have."),
        (b"a,\0\n", "Line 1: the version ID has a NUL character, which none can have."),
        (b"a\n//b\n", "Line 2: '//b' begins with two slashes. Leave them out: paths are relative."),
        (b"a\nb\nc\nb\n", "Line 4: line 2 lists 'b' already."),
        (b"a\n/a\n", "Line 2: line 1 lists 'a' already."),
        (b'a,1\n"a",2', "Line 2: line 1 lists 'a' already."),
    ],
)
def test_what_breaks_a_rule_is_told_with_its_line(
    place: FolderPlace, work: Path, content: bytes, said: str
) -> None:
    assert refused(place, work, content).startswith(said)


def test_paths_that_differ_are_no_duplicates(place: FolderPlace, work: Path) -> None:
    listed = ["a", "A", "a ", "a/b", "ä", "a\u0308", "1", "1.0", "01"]
    content = "".join(f'"{path}"\n' for path in listed).encode()
    assert [entry.path for entry in read(place, work, content)] == listed


def test_a_manifest_is_gone_through_again_and_again(place: FolderPlace, work: Path) -> None:
    manifest = read(place, work, b"b,1\na\n")
    expected = [ManifestEntry(path="b", version_id="1"), ManifestEntry(path="a")]
    (place.folder / "lists" / "manifest.csv").write_bytes(b"c\n")  # What was checked is what is transferred.
    assert list(manifest) == expected
    first, second = iter(manifest), iter(manifest)
    assert [next(first), next(second), next(second), next(first)] == [
        *(expected[0], expected[0]),
        *(expected[1], expected[1]),
    ]
    found: list[ManifestEntry] = []
    thread = threading.Thread(target=lambda: found.extend(manifest))
    thread.start()
    thread.join()
    assert found == expected
    assert len(manifest) == 2


def test_a_big_manifest_takes_little_memory() -> None:
    chunk = b"".join(b"a/folder/of/some/depth/file %09d.bin\n" % number for number in range(4_000))

    def peak(chunks: int) -> int:
        tracemalloc.start()
        try:
            assert sum(1 for _ in lines_of(chunk for _ in range(chunks))) == 4_000 * chunks
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(10) < peak(3) + 20_000 < 3 * len(chunk)


def test_a_quote_that_is_not_closed_ends_the_reading_soon() -> None:
    given = 0

    def chunks() -> Iterator[bytes]:
        nonlocal given
        while True:
            given += 1
            yield b'"' + b"a\n" * 5000

    with pytest.raises(ManifestError, match="Line 1: "):
        list(lines_of(chunks()))
    assert given <= 2


@pytest.mark.parametrize("length", [MOST - 1, MOST, MOST + 1])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_no_line_is_lost_where_chunks_meet(length: int, end: str) -> None:
    rows = [f"{number}{'x' * (number * 379 % 1000)}" for number in range(1, 60)]
    content = "".join(f"{row}{end}" for row in rows).encode()
    cuts = [content[at : at + length] for at in range(0, len(content), length)]
    assert [line.path for line in lines_of(cuts)] == rows
    assert [line.number for line in lines_of(cuts)] == list(range(1, 60))


@pytest.mark.parametrize("length", [1, 1000, MOST, MOST + 3000, 2 * MOST - 1, 4 * MOST])
def test_the_longest_lines(length: int) -> None:
    record = b'"%b","%b"\r\n' % (b'""' * 1024, b'""' * 1024)
    assert len(record) == MOST
    content = record * 5
    cuts = [content[at : at + length] for at in range(0, len(content), length)]
    assert fields(lines_of(cuts)) == [('"' * 1024, '"' * 1024)] * 5


@settings(max_examples=20)
@given(count=st.integers(1, 3000), seed=st.integers(0, 999))
def test_many_lines(tmp_path_factory: pytest.TempPathFactory, count: int, seed: int) -> None:
    top = tmp_path_factory.mktemp("top")
    (top / "lists").mkdir()
    rows = [f"{number * 7919 % 10007}/{seed}" for number in range(count)]
    manifest = read(
        FolderPlace(folder=top, metadata=Metadata.OBJECT), top, "".join(f"{row}\n" for row in rows).encode()
    )
    assert [entry.path for entry in manifest] == rows


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("lists/other.csv", "NoSuchKey"),
        ("lists", "NoSuchKey"),
        ("elsewhere/manifest.csv", "NoSuchKey"),
        ("lists/link.csv", "NoSuchKey"),
        ("way/secret.csv", "NoSuchKey"),
        ("../secret.csv", "InvalidObjectKey"),
        ("lists/../../secret.csv", "InvalidObjectKey"),
        ("/lists/manifest.csv", "InvalidObjectKey"),
    ],
)
def test_a_manifest_that_cannot_be_read_is_an_error_of_the_execution(
    place: FolderPlace, work: Path, path: str, code: str
) -> None:
    (place.folder.parent / "secret.csv").write_bytes(b"a\n")
    (place.folder / "lists" / "link.csv").symlink_to(place.folder.parent / "secret.csv")
    (place.folder / "way").symlink_to(place.folder.parent)
    with pytest.raises(TransferError) as caught:
        read_manifest(place, config(path), work)
    assert caught.value.code == "ManifestNotAccessible"
    assert caught.value.detail.startswith(f"The manifest s3://bucket/{path} cannot be read: {code}: ")


def test_a_folder_has_no_versions_of_a_manifest(place: FolderPlace, work: Path) -> None:
    (place.folder / "lists" / "manifest.csv").write_bytes(b"a\n")
    with pytest.raises(TransferError, match="NoSuchVersion") as caught:
        read_manifest(place, config(version_id="v1"), work)
    assert caught.value.code == "ManifestNotAccessible"


def test_the_reading_can_be_ended(place: FolderPlace, work: Path) -> None:
    (place.folder / "lists" / "manifest.csv").write_bytes(b"a\n")

    def checkpoint() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        read_manifest(place, config(), work, checkpoint=checkpoint)


def test_a_disk_that_is_full_is_an_error_of_the_execution(place: FolderPlace, tmp_path: Path) -> None:
    (place.folder / "lists" / "manifest.csv").write_bytes(b"a\n")
    with pytest.raises(TransferError, match="no room") as caught:
        read_manifest(place, config(), tmp_path / "not there")
    assert caught.value.code == "InternalError"


@pytest.mark.parametrize("mode", ["BASIC", "ENHANCED"])
def test_what_a_manifest_lists_is_transferred(place: FolderPlace, work: Path, mode: str) -> None:
    tree = {
        "folder": Node(kind="d", mode=0o755),
        "folder/a, b": Node(data=b"1"),
        "folder/c": Node(data=b"2"),
        "d\ne": Node(data=b"3"),
    }
    listed = read(place, work, b'"folder/a, b"\r\n"/d\ne"\r\n../outside\r\nfolder/c,version\r\n')
    with world() as made:
        build(made.source, tree)
        ran = made.run(mode=mode, manifest=listed)
        assert sorted(path for path, node in snapshot(made.destination).items() if node.kind == "f") == [
            "d\ne",
            "folder/a, b",
        ]
    assert sorted(ran.failures) == ["/../outside", "/folder/c"]
    assert "keeps no versions" in ran.failures["/folder/c"]
