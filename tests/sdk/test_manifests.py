"""Manifests: what is written is read, by us, by Python's csv module and by the local service."""

from __future__ import annotations

import csv
import io
import pickle
import stat
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasync_sdk import models as m
from datasync_sdk.errors import DataSyncError
from datasync_sdk.manifests import (
    ManifestEntry,
    ManifestError,
    ManifestProblem,
    check_manifest,
    manifest_bytes,
    manifest_chunks,
    problems_of,
    read_manifest,
    write_manifest,
)
from datasync_sdk.manifests.lines import MOST, lines_of
from tests.local.world import ROLE, World, modes, world

__all__ = ["world"]  # a fixture

texts = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=300)
    | st.text(st.sampled_from('a",\r\n\t \ufeff\u2028\x0b\x85é'), min_size=1, max_size=8)
).map(lambda text: text.encode()[:1024].decode(errors="ignore"))
versions = st.none() | texts.filter(bool)
paths = texts.map(lambda text: text.strip("/")).filter(bool)
entries = st.lists(
    st.builds(ManifestEntry, paths, versions), min_size=1, max_size=8, unique_by=lambda entry: entry.path
)


@settings(max_examples=100)
@given(listed=entries)
def test_what_is_written_is_read(listed: list[ManifestEntry]) -> None:
    content = manifest_bytes(listed)
    assert list(read_manifest(content)) == listed
    assert check_manifest(content) == ()


@settings(max_examples=100)
@given(listed=entries)
def test_what_is_written_is_what_the_csv_module_reads(listed: list[ManifestEntry]) -> None:
    text = io.StringIO(manifest_bytes(listed).decode(), newline="")
    rows = [[entry.path] if entry.version_id is None else [entry.path, entry.version_id] for entry in listed]
    assert list(csv.reader(text, strict=True)) == rows


@given(path=paths)
def test_quotes_are_where_they_are_needed_and_nowhere_else(path: str) -> None:
    content = manifest_bytes([path])
    plain = f"{path}\n".encode()
    if content == plain:
        assert path == path.strip()
        return
    # Without quotes it would be refused or read as something else, here or by somebody who takes spaces away.
    assert content == b'"%b"\n' % path.replace('"', '""').encode()
    with suppress(ManifestError):
        assert path != path.strip() or list(read_manifest(plain)) != [ManifestEntry(path)]


def test_a_slash_in_front_means_nothing() -> None:
    assert manifest_bytes(["/a/b", PurePosixPath("/c"), "d/e"]) == b"a/b\nc\nd/e\n"


def test_versions_are_in_the_second_field() -> None:
    listed = [ManifestEntry("photos/1.png", "111111"), ManifestEntry("a,b", 'x"')]
    assert manifest_bytes(listed) == b'photos/1.png,111111\n"a,b","x"""\n'


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ([], "There is no entry: a manifest has to list at least one file."),
        (
            ["a", "b/"],
            "Entry 2: 'b/' is a folder. List its files, or use an include filter instead of a",
        ),
        (["/"], "Entry 1: '/' is a folder."),
        (["a", "b", "/a"], "Entry 3: entry 1 is 'a' already."),
        ([ManifestEntry("a", "1"), ManifestEntry("a", "2")], "Entry 2: entry 1 is 'a' already."),
        ([""], "Entry 1: the path is empty."),
        ([ManifestEntry("a", "")], "Entry 1: the version ID is empty."),
        (["a\0b"], "Entry 1: the path has a NUL character, which none can have."),
        (["//a"], "Entry 1: '//a' begins with two slashes. Leave them out: paths are relative."),
        (["ü" * 513], "Entry 1: the path has 1,026 bytes; it may have 1,024."),
        ([ManifestEntry("a", "v" * 1025)], "Entry 1: the version ID has 1,025 bytes; it may have 1,024."),
        (
            ["caf\udce9"],
            "Entry 1: the path 'caf\\udce9' is not Unicode, as that of a file with a name",
        ),
    ],
)
def test_what_must_not_be_in_a_manifest_is_refused(
    listed: list[str | ManifestEntry], said: str, tmp_path: Path
) -> None:
    target = tmp_path / "manifest.csv"
    with pytest.raises(ManifestError) as caught:
        write_manifest(listed, target)
    assert str(caught.value).startswith(said)
    assert list(tmp_path.iterdir()) == []
    assert isinstance(caught.value, DataSyncError)


@pytest.mark.parametrize("listed", ["abc", b"abc", [b"abc"], [1], [None], [ManifestEntry("a", 1)]])  # type: ignore[arg-type]
def test_what_is_no_path_is_a_mistake(listed: list[str]) -> None:
    with pytest.raises(TypeError, match=r"give \[b?'abc'\]|must be a text, not "):
        manifest_bytes(listed)


def test_a_file_is_replaced_as_a_whole_or_stays(tmp_path: Path) -> None:
    target = tmp_path / "manifest.csv"
    target.write_bytes(b"old\n")
    target.chmod(0o640)

    def half() -> Iterator[str]:
        yield from map(str, range(100_000))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_manifest(half(), target)
    assert target.read_bytes() == b"old\n"
    assert write_manifest(["new"], target) == 1
    assert target.read_bytes() == b"new\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    write_manifest(["a"], str(tmp_path / "manifest.csv"))
    (tmp_path / "other").touch()
    assert (tmp_path / "manifest.csv").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    real, link = tmp_path / "folder" / "real.csv", tmp_path / "link.csv"
    real.write_bytes(b"old\n")
    link.symlink_to(real)
    write_manifest(["a"], link)
    assert link.is_symlink()
    assert real.read_bytes() == b"a\n"


def test_an_open_file_is_written_to(tmp_path: Path) -> None:
    file = io.BytesIO()
    assert write_manifest(map(str, range(50_000)), file) == 50_000
    assert file.getvalue() == b"".join(b"%d\n" % number for number in range(50_000))
    for wrong in (io.StringIO(), 5, None):
        with pytest.raises(TypeError, match="opened with open"):
            write_manifest(["a"], wrong)  # type: ignore[arg-type]
    with pytest.raises(OSError, match="no file to replace"):
        write_manifest(["a"], tmp_path)
    with pytest.raises(FileNotFoundError):
        write_manifest(["a"], tmp_path / "not" / "there")


def test_chunks_are_of_a_good_size() -> None:
    sizes = [len(chunk) for chunk in manifest_chunks(f"folder/file-{number}" for number in range(50_000))]
    assert len(sizes) > 5
    assert all(1 << 16 <= size < (1 << 16) + 100 for size in sizes[:-1])


def test_a_manifest_is_read_from_wherever_it_is(tmp_path: Path) -> None:
    listed = [ManifestEntry("a"), ManifestEntry("b\nc", "1")]
    content = manifest_bytes(listed)
    path = tmp_path / "manifest.csv"
    path.write_bytes(content)
    for source in (content, path, str(path), io.BytesIO(content), iter([content[:3], content[3:]])):
        assert list(read_manifest(source)) == listed
    with path.open("rb") as file:
        assert check_manifest(file) == ()
    with path.open() as text, pytest.raises(TypeError, match=r"open\(\.\.\., 'rb'\)"):
        check_manifest(text)  # type: ignore[arg-type]


def test_all_that_is_wrong_is_told() -> None:
    content = (
        b"\xef\xbb\xbfgood\n folder/\nfolder/\n\n'a','b'\na,b,c\n"
        b'"two\nlines"x,"y\nlast\nb\xff\n"three\r\nlines\r",1\n/last,2\ngood\n"open\n/'
    )
    assert [str(problem).partition(". ")[0] for problem in check_manifest(content)] == [
        "Line 1: it begins with a byte order mark",
        "Line 2: spaces are around the path",
        "Line 3: 'folder/' is a folder",
        "Line 4: it is empty.",
        "Line 6: it has more than two fields",
        "Line 7: something follows the quote that ends the path",
        "Line 10: the path is not UTF-8.",
        "Line 14: line 9 lists 'last' already.",
        "Line 15: line 1 lists 'good' already.",
        "Line 16: the path begins with a quote that is not closed.",
        "Line 17: '/' is a folder",
    ]
    with pytest.raises(ManifestError, match="byte order mark") as caught:
        next(read_manifest(content))
    assert caught.value.line == 1
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.line) == (str(caught.value), 1)


def test_an_empty_manifest_is_a_problem_of_the_whole() -> None:
    message = "It is empty: it has to list at least one file."
    assert check_manifest(b"") == (ManifestProblem(line=None, message=message),)
    assert [str(problem) for problem in check_manifest(b"\xef\xbb\xbf")][1:] == [message]


wild = st.text(st.sampled_from('ab",\n\r /é\0'), max_size=40).map(str.encode) | st.binary(max_size=40)
long = st.sampled_from([b'"' + b"x\n" * 3000, b"x" * 5000, b"\r" * 3, b"a,b,c" + b"y" * 9000 + b"\r\n"])


@settings(max_examples=100)
@given(parts=st.lists(wild | long, max_size=4), sizes=st.lists(st.integers(1, 5000), max_size=30))
def test_however_it_is_cut_the_problems_are_the_same_and_the_first_is_the_one_that_is_raised(
    parts: list[bytes], sizes: list[int]
) -> None:
    content = b"".join(parts)
    problems = check_manifest(content)
    rest, chunks = content, []
    for size in sizes:
        chunks.append(rest[:size])
        rest = rest[size:]
    assert tuple(problems_of([*chunks, rest])) == problems
    numbers = [problem.line or 1 for problem in problems]
    assert numbers == sorted(numbers)
    breaks = content.count(b"\n") + content.count(b"\r") - content.count(b"\r\n")
    assert all(number <= breaks + 1 for number in numbers)
    if problems:
        with pytest.raises(ManifestError) as caught:
            list(read_manifest(content))
        assert str(caught.value) == str(problems[0])
    else:
        assert manifest_bytes(read_manifest(content))


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
@pytest.mark.parametrize("cut", range(-3, 4))
def test_a_line_that_is_too_long_ends_at_its_line_break(end: bytes, cut: int) -> None:
    content = b"x" * 12000 + end + b"good" + end + b" bad" + end
    chunks = [content[: 12000 + cut], content[12000 + cut :]]
    assert [problem.line for problem in check_manifest(chunks)] == [1, 3]


@pytest.mark.parametrize("rest", [b"", b"more"])
def test_a_path_that_is_too_long_is_one_problem_also_with_line_breaks(rest: bytes) -> None:
    content = b'"' + b"x\n" * 1500 + b'"' + rest + b"\ngood\n bad\n"
    assert [problem.line for problem in check_manifest(content)] == [1, 1503]


@given(
    lines=st.lists(st.sampled_from([b"a", b"b c", b'd"', b" e", b"f/", b"g,h,i", b"", b"\xff"]), max_size=30)
)
def test_each_wrong_line_is_one_problem(lines: list[bytes]) -> None:
    wrong = [number for number, line in enumerate(lines, 1) if line not in {b"a", b"b c"}]
    twice = [number for number, line in enumerate(lines, 1) if line in lines[: number - 1]]
    content = b"".join(line + b"\n" for line in lines)
    expected = sorted({*wrong, *twice}) if content else [None]
    assert [problem.line for problem in check_manifest(content)] == expected


def test_a_line_without_an_end_takes_little_memory() -> None:
    chunk = b"x" * 100_000
    tracemalloc.start()
    try:
        (problem,) = check_manifest(chunk for _ in range(200))
        assert tracemalloc.get_traced_memory()[1] < 10 * len(chunk)
    finally:
        tracemalloc.stop()
    assert str(problem).startswith("Line 1: the path may have 1,024 bytes, and it has more")


def test_a_million_paths_take_as_much_memory_as_is_said() -> None:
    tracemalloc.start()
    try:
        for _ in manifest_chunks(f"a/folder/of/some/depth/{number:09d}.bin" for number in range(100_000)):
            pass
        assert tracemalloc.get_traced_memory()[1] < 100_000 * 190
    finally:
        tracemalloc.stop()


def test_what_is_read_without_looking_for_doubles_is_the_same() -> None:
    content = manifest_bytes(f"{number}{'x' * (number % 900)}" for number in range(2000))
    assert len(content) > 50 * MOST
    assert [line.path for line in lines_of([content])] == [entry.path for entry in read_manifest(content)]


@modes
def test_the_local_service_takes_what_is_written(world: World, mode: str) -> None:
    names = ["a, b", 'quote"d', " spaces ", "\ufeffbom", "line\nbreak", "ü", "folder/c"]
    (world.source / "folder").mkdir()
    for name in [*names, "other", "folder/other"]:
        (world.source / name).write_text(name)
    bucket = world.service.folder("s3://lists/")
    write_manifest(names, bucket / "manifest.csv")
    source = m.SourceManifestConfig(
        s3=m.S3ManifestConfig(
            s3_bucket_arn="arn:aws:s3:::lists",
            manifest_object_path="manifest.csv",
            bucket_access_role_arn=ROLE,
        )
    )
    task = world.task(mode, manifest_config=m.ManifestConfig(action="TRANSFER", format="CSV", source=source))
    assert world.see(world.start(task)).status == "SUCCESS"
    found = {path.relative_to(world.target).as_posix() for path in world.target.rglob("*") if path.is_file()}
    assert found == set(names)
