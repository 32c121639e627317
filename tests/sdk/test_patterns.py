"""The translation of service models' patterns to Python's regular expressions."""

from __future__ import annotations

import gzip
import json
import re
import string
import subprocess
import sys
import unicodedata
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from datasync_sdk._runtime import patterns
from datasync_sdk._runtime.patterns import Pattern, PatternError, translate

ROOT = Path(__file__).parents[2]
MODEL = json.loads((ROOT / "specs/datasync/service-2.json").read_text("utf-8"))
OWN = {name: shape["pattern"] for name, shape in MODEL["shapes"].items() if "pattern" in shape}
OWN_COUNT = 63

ACCOUNT = "123456789012"
AGENT = f"arn:aws:datasync:us-east-1:{ACCOUNT}:agent/agent-0b0addbeef44baca3"
TASK = f"arn:aws:datasync:us-east-1:{ACCOUNT}:task/task-08de6e6697796f026"
EXECUTION = f"{TASK}/execution/exec-04ce9d516d69bd52f"


@pytest.fixture(autouse=True)
def strict_warnings() -> Iterator[None]:
    """Turn every warning, such as Python's on nested sets, into an error."""
    re.purge()  # what is compiled already would not warn again
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


TRANSLATIONS = [
    # What is the same in all three languages stays, but for the order within brackets.
    ("", ""),
    ("abc-d/e:f", "abc-d/e:f"),
    ("[0-9]{12}:role/[a-z]+?", "[0-9]{12}:role/[a-z]+?"),
    ("(a|b)*(?:c)(?=d)(?!e)(?<=f)(?<!g)", "(a|b)*(?:c)(?=d)(?!e)(?<=f)(?<!g)"),
    ("a{2}b{2,}c{2,3}?", "a{2}b{2,}c{2,3}?"),
    ("[zb-dea]", "[a-ez]"),
    # Places.
    ("^a$", r"^a\Z"),
    (r"\Aa\z", r"\Aa\Z"),
    (r"a\Z", r"a(?=(?:\r\n|[\n\r\x85\u2028\u2029])?\Z)"),
    (r"\ba\B", r"(?a:\b)a(?a:\B)"),
    ("(?m)^a$", r"(?<![^\n\r\u2028\u2029])a(?![^\n\r\u2028\u2029])"),
    ("={3,}${1,4096}", r"={3,}\Z"),
    ("a$?^*${0}b", "ab"),
    # Any character.
    ("a.", r"a[^\n\r\u2028\u2029]"),
    ("(?s).*", "(?s:.)*"),
    ("(?s:.).", r"(?:(?s:.))[^\n\r\u2028\u2029]"),
    # ASCII sets.
    (r"\d\w\s", r"[0-9][0-9A-Z_a-z][\t-\r ]"),
    (r"\D\W\S", r"[^0-9][^0-9A-Z_a-z][^\t-\r ]"),
    (r"[\w\d.-]", r"[\-.0-9A-Z_a-z]"),
    (r"\p{Alpha}\p{Punct}\p{ASCII}", r"[A-Za-z][!-/:-@\[-`{-~][\x00-\x7f]"),
    (r"\P{Digit}\p{XDigit}\p{Cntrl}", r"[^0-9][0-9A-Fa-f][\x00-\x1f\x7f]"),
    (r"\p{Lower}\p{Upper}\p{Alnum}", "[a-z][A-Z][0-9A-Za-z]"),
    (r"\p{Graph}\p{Print}\p{Blank}\p{Space}", r"[!-~][ -~][\t ][\t-\r ]"),
    (r"\p{all}\p{L1}", r"[\x00-\U0010ffff][\x00-\xff]"),
    (r"\h", r"[\t \xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]"),
    # Unicode.
    (r"\p{Zs}", r"[ \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]"),
    (r"\P{Zl}[^\p{Zl}][\P{Zl}]", r"[^\u2028][^\u2028][\x00-\u2027\u2029-\U0010ffff]"),
    (r"[^\P{Zl}]", r"[^\x00-\u2027\u2029-\U0010ffff]"),
    (r"\pZ", r"[ \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"),
    (r"\PZ", r"[^ \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"),
    (r"\p{IsWhitespace}", r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"),
    (r"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}\p{C}]", r"[\x00-\U0010ffff]"),
    # Characters by number.
    (r"\x41\x{42}\u0043\u{44}\0105\cF\0", r"ABCDE\x06\x00"),
    (r"[^/:|\000-\037]", r"[^\x00-\x1f/:|]"),
    (r"\uD83D\uDE00\ud83d\ude01", r"\U0001f600\U0001f601"),
    (r"[\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF]", r"[\ue000-\ufffd\U00010000-\U0010ffff]"),
    (r"[\uD800\uDBFF]", r"[\ud800\udbff]"),
    ("é☃\U0001f600", r"\xe9\u2603\U0001f600"),
    # Escapes that Python does not have, or has with another meaning.
    (r"\-\_\:\/\@\,\ \'\"\y\i", "-_:/@, '\"yi"),
    (r"\n\r\t\f\v\a\e", r"\n\r\t\x0c\x0b\x07\x1b"),
    (r"[\b]", r"[\x08]"),
    (r"\R", r"(?:\r\n|[\n-\r\x85\u2028\u2029])"),
    (r"\Qa.b\E+\Q[", r"a\.b+\["),
    # Brackets within brackets.
    (r"[\w- ]", r"[ \-0-9A-Z_a-z]"),
    (r"[a-\d]", r"[\-0-9a]"),
    (r"[a-z\d-_/]", r"[\-/-9_a-z]"),
    (r"[+--]", r"[+-\-]"),
    (r"[!-&]", "[!-&]"),
    (r"[([]a", r"[(\[]a"),
    (r"[[]{2}", r"[\[]{2}"),
    (r"[]a]", r"[\]a]"),
    (r"[^]a", "(?s:.)a"),
    ("[]", "(?!)"),
    (r"[a&|~-]", r"[&\-a|~]"),
    (r"[||\d--]", r"[\-0-9|]"),
    ("[a[c-e]]", "[ac-e]"),
    ("[a-[b]]", r"[\-ab]"),
    ("[a[^b]]", r"[\x00-ac-\U0010ffff]"),
    ("[a-z&&[^b]]", "[ac-z]"),
    ("[^a-z&&[b]]", "[^b]"),
    ("[a-z&&[def]&&[^e]]", "[df]"),
    ("[a-c&&x]", "(?!)"),
    ("[&&a]", "[a]"),
    (r"[\p{Print}&&[^|:/]]+", "[ -.0-9;-{}~]+"),
    # Flags in the middle.
    ("(?i)a", "(?ai:a)"),
    ("^(?i)(true|false)$", r"^(?ai:(true|false)\Z)"),
    ("(?!(?i)AWS_)[a-z]", "(?!(?ai:AWS_))[a-z]"),
    ("x(?:a(?i)b|c)d", "x(?:a(?ai:b)|(?ai:c))d"),
    ("a(?i)b(?-i)c", "a(?ai:b(?-i:c))"),
    ("(?i:a)(?:(?s).).", r"(?ai:a)(?:(?s:.))[^\n\r\u2028\u2029]"),
    ("(?si-m:a.)", "(?ai:a(?s:.))"),
    # Groups, references and quantifiers.
    ("(?<year>a)\\k<year>", "(?P<year>a)(?P=year)"),
    (r"(.)\1{3}", r"([^\n\r\u2028\u2029])(?:\1){3}"),
    (r"(a)\12", r"(a)(?:\1)2"),
    ("(a)" * 12 + r"\123", "(a)" * 12 + r"(?:\12)3"),
    ("a++b*+c?+d{2}+(?>e|f)", "a++b*+c?+d{2}+(?>e|f)"),
    ("[0-9a-z]{11}{0,1011}", "[0-9a-z]{11}"),
    ("a{,3}{b}]", r"a\{,3\}\{b\}\]"),
    # Delimiters, where they can be nothing else.
    ("/^[a-z]$/", r"^[a-z]\Z"),
    ("/[a-z]*/", "/[a-z]*/"),
]


@pytest.mark.parametrize(("source", "expected"), TRANSLATIONS)
def test_translation(source: str, expected: str) -> None:
    """Each construct has one fixed translation."""
    assert translate(source) == expected
    re.compile(expected)


REFUSED = [
    ("(a", "missing )"),
    ("a)", "unbalanced"),
    ("[a", "missing ]"),
    ("*a", "nothing to repeat"),
    ("a**", "nothing to repeat"),
    ("a{3,2}", "min repeat"),
    ("[z-a]", "out of order"),
    ("a\\", "at the end"),
    (r"\p{IsLatin}", r"\p{IsLatin}"),
    (r"\p{InGreek}", r"\p{InGreek}"),
    (r"\p{Script=Latin}", "Script=Latin"),
    (r"\p", r"\p"),
    (r"\x{110000}", "no such character"),
    (r"\xZ", r"\x"),
    (r"\X", r"\X"),
    (r"\Ga", r"\G"),
    (r"\N{DIGIT ONE}", r"\N"),
    (r"[\1]", r"\1"),
    (r"a\2", "group reference"),
    ("(?x)a", "flag 'x'"),
    ("(?#a)", "group '(?#a'"),
    ("(?P<a>b)", "group"),
    ("(?<=a+)b", "look-behind"),
]


@pytest.mark.parametrize(("source", "reason"), REFUSED)
def test_refusal_names_the_pattern_and_the_construct(source: str, reason: str) -> None:
    """What cannot be translated is refused, in words that help to find it."""
    with pytest.raises(PatternError) as refused:
        translate(source)
    assert repr(source) in str(refused.value)
    assert reason in str(refused.value).replace(repr(source), "")


# Answers given by java.util.regex, and by ECMAScript where the syntax is valid there.
BEHAVIOURS = [
    ("a|ab", ["a", "ab"], ["", "b", "xab", "aba"]),
    ("^a$", ["a"], ["a\n", "\na", "a\r", "ba"]),
    (r"\Aa\z", ["a"], ["a\n", "aa"]),
    (r"\w+", ["aZ_09"], ["é", "٣", "ª", "\u212a"]),
    (r"\d", ["0"], ["٣", "²"]),
    (r"\s", [" ", "\t", "\v", "\f"], ["\x1c", "\u1680"]),
    (r"\S\W\D", ["\x1cé٣", "é٣a"], ["é_a", "éé1"]),
    (r".\b.", ["a ", "éa", "-a"], ["ab", "éé", "--"]),
    (".", ["a", "é", "\U0001f600", "\x0b", "\t"], ["\n", "\r", "\u2028", "\u2029", ""]),
    (".{2}", ["\U0001f600\U0001f600"], ["\U0001f600", "abc"]),
    ("[^a]", ["b", "\n", "\U0010ffff", "\0", "A"], ["a", "bb"]),
    ("(?i)k[a-c]", ["kA", "Kc"], ["\u212aa", "kd"]),
    ("(?i)[^a-z]", ["0", "é"], ["a", "A"]),
    ("(a(?i)b|c)d", ["abd", "aBd", "Cd"], ["Abd", "aBD"]),
    ("(?!(?i)AWS_)[a-zA-Z_]*", ["xAWS_", "AWs"], ["aws_x", "Aws_"]),
    (r"(?!(?:.*--|--)$)[a-z-]+", ["a-b", "a"], ["a--"]),
    (r"(?=.{1,3}$)[\s\S]*", ["abc"], ["abcd", "abc\n", ""]),
    (r"(?s).*", ["", "\n\r\u2028"], []),
    (r"(?m)^a$\n^b$", ["a\nb"], ["a", "ab"]),
    ("a*+a", [], ["a", "aaa"]),
    ("(?>a|ab)c", ["ac"], ["abc"]),
    (r"(a)|b\1", ["a"], ["b", "ba"]),
    (r"\uD83D\uDE00+", ["\U0001f600\U0001f600"], ["\ud83d", ""]),
    (r"[^\uD83D\uDE00]", ["a", "\U0001f601"], ["\U0001f600"]),
    (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", ["", "é\t\U0001f600"], ["\n"]),
    (r"[\P{C}\r\n\t]{1,3}", ["é\n\t", "\u2028"], ["\0", "\x85", "\ue000", "\ud800", "abcd"]),
    (r"[^\p{C}\p{IsWhitespace}]+", ["aé\U0001f600"], ["a b", "a\u3000", "\u200b", "\x85"]),
    (r"[\P{M}\p{M}]*", ["", "e\u0301\n\U0001f600\0"], []),
    (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", ["Zoë_٣ ½:\u3000", ""], ["a,b", "e\u0301", "€"]),
    (r"\P{L}\P{Lu}", ["1a", "-é"], ["aa", "1A", "-É"]),
    (r"\p{LD}+", ["aé٣"], ["½", "_"]),
    (r"[0-9\p{IsAlphabetic}]+", ["aé9", "\u24b6", "\u0345", "Ⅳ"], ["-", "½", "\u20ac"]),
    (r"[\p{Print}&&[^|:/]]+", ["a b~"], ["a|b", "a:b", "/", "é", "\t"]),
    (r"^[\/]?+[a-z]+$", ["/a", "a"], ["//a"]),
    (r"[[]a]", ["[a]"], ["a", "[", "[a"]),
    ("/^(?=.*[a-z])(?=.*\\d)[a-z\\d]{2,8}$/", ["a1", "1a"], ["aa", "/a1/"]),
]


@pytest.mark.parametrize(("source", "good", "bad"), BEHAVIOURS)
def test_behaviour(source: str, good: list[str], bad: list[str]) -> None:
    """Texts that the original languages accept or refuse are accepted or refused here."""
    pattern = Pattern(source)
    assert [text for text in good if not pattern.matches(text)] == []
    assert [text for text in bad if pattern.matches(text)] == []


@pytest.mark.parametrize("source", ["^a$", r"\Aa\z", "(?=a$)a", "x|a$", "a${1,2}"])
def test_no_trailing_newline_even_with_match(source: str) -> None:
    """The end is the end in the translation itself, however it is applied."""
    assert re.match(translate(source), "a")
    assert not re.match(translate(source), "a\n")


def test_pattern_waits_until_asked() -> None:
    """A pattern that cannot be translated does no harm until it is needed."""
    pattern = Pattern("(")
    assert pattern.source == "("
    assert repr(pattern) == "Pattern('(')"
    for _ in range(2):
        with pytest.raises(PatternError):
            pattern.matches("a")


def test_unicode_data_is_loaded_only_when_needed() -> None:
    """Neither the import nor an ordinary pattern reads the Unicode database."""
    code = f"""
import importlib.util, sys
spec = importlib.util.spec_from_file_location("patterns", {patterns.__file__!r})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
assert module.Pattern(r"^[\\w.-]+$").matches("a.b")
assert "unicodedata" not in sys.modules
assert module.Pattern(r"\\p{{Lu}}").matches("A")
assert "unicodedata" in sys.modules
"""
    subprocess.run([sys.executable, "-I", "-S", "-c", code], check=True)


# Halves of surrogate pairs are characters, too.
ANY = st.characters() | st.characters(categories=["Cs"]) | st.sampled_from("\n\r\u2028\x85")
CATEGORIES = ["L", "Lu", "M", "N", "Nd", "P", "Pd", "S", "Z", "Zs", "C", "Cc", "Cn", "Co", "Cs"]


@given(ANY, st.sampled_from(CATEGORIES))
def test_categories(char: str, name: str) -> None:
    """A general category has the members that Python's Unicode database gives it."""
    member = unicodedata.category(char).startswith(name)
    assert Pattern(rf"\p{{{name}}}").matches(char) == member
    assert Pattern(rf"[\p{{Is{name}}}]").matches(char) == member
    assert Pattern(rf"\P{{{name}}}").matches(char) != member
    assert Pattern(rf"[^\p{{{name}}}]").matches(char) != member
    assert Pattern(rf"[^\P{{{name}}}]").matches(char) == member


@given(ANY)
def test_shorthands_know_ascii_only(char: str) -> None:
    r"""``\w``, ``\d`` and ``\s`` mean ASCII, and their negations everything else."""
    for letter, members in [
        ("w", string.ascii_letters + string.digits + "_"),
        ("d", string.digits),
        ("s", " \t\n\r\f\v"),
    ]:
        assert Pattern(rf"\{letter}").matches(char) == (char in members)
        assert Pattern(rf"\{letter.upper()}").matches(char) == (char not in members)
        assert Pattern(rf"[^\{letter}]").matches(char) == (char not in members)


@given(st.text(max_size=8), st.text(max_size=8))
def test_escaped_text_matches_itself_only(text: str, other: str) -> None:
    """Any text, written in numbers or quoted, is matched by that text and no other."""
    units = text.encode("utf-16-be", "surrogatepass").hex()
    numbers = "".join(rf"\u{units[at : at + 4]}" for at in range(0, len(units), 4))
    for pattern in (Pattern(numbers), Pattern(re.escape(text)), Pattern(rf"\Q{text}\E")):
        assert pattern.matches(text)
        assert pattern.matches(other) == (text == other)


@given(
    st.lists(st.text("abc[]^-&|~", min_size=1, max_size=3), min_size=1, max_size=4),
    st.booleans(),
    st.sampled_from("abc[]^-&|~x\n"),
)
def test_classes_hold_what_is_in_them(parts: list[str], negated: bool, char: str) -> None:
    """Classes nest: the outer one has the members of all inner ones."""
    members = "".join(parts)
    for body in (re.escape(members), "".join(f"[{re.escape(part)}]" for part in parts)):
        pattern = Pattern(f"[{'^' if negated else ''}{body}]")
        assert pattern.matches(char) == ((char in members) != negated)


# The service's own patterns.


def test_every_own_pattern_is_tested() -> None:
    """The model has as many patterns as are known to work."""
    assert len(OWN) == OWN_COUNT


@pytest.mark.parametrize("name", OWN)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(data=st.data())
def test_own_pattern_matches_what_is_made_from_it(name: str, data: st.DataObject) -> None:
    """Text made after the translation matches; a newline after it only where newlines may be."""
    pattern = Pattern(OWN[name])
    text = data.draw(st.from_regex(translate(OWN[name]), fullmatch=True))
    assert pattern.matches(text)
    if not re.search(r"\\s|\\p\{C\}|\[\^", OWN[name]):
        assert not pattern.matches(text + "\n")


EXAMPLES = [
    ("AgentArn", [AGENT, AGENT.replace("aws:", "aws-us-gov:", 1)], [AGENT[:-1], AGENT + "\n", ""]),
    ("TaskArn", [TASK], [EXECUTION, TASK.upper(), TASK.replace("aws", "aws-x"), "x" + TASK]),
    ("TaskExecutionArn", [EXECUTION], [TASK, EXECUTION[:-1] + "g", EXECUTION + "0"]),
    ("TaggableResourceArn", [AGENT, TASK, EXECUTION], [TASK + "/execution/", TASK[:-1]]),
    (
        "IamRoleArn",
        [f"arn:aws:iam::{ACCOUNT}:role/a/b c", f"arn:aws:iam::{ACCOUNT}:role/"],
        [f"arn:aws:iam::{ACCOUNT}:user/a", f"arn:aws:iam::{ACCOUNT}:role/a\n"],
    ),
    ("UpdatedEfsIamRoleArn", ["", f"arn:aws:iam::{ACCOUNT}:role/a"], ["\n", "arn"]),
    (
        "S3BucketArn",
        [
            "arn:aws:s3:::my-bucket",
            f"arn:aws:s3:us-east-1:{ACCOUNT}:accesspoint/ap",
            f"arn:aws:s3-outposts:us-east-1:{ACCOUNT}:outpost/op-1/accesspoint/ap",
        ],
        ["arn:aws:s3:::", "arn:aws:s3:::my/bucket", "s3://my-bucket", "arn:aws:s3:::b\n"],
    ),
    (
        "ServerIpAddress",
        ["10.0.0.1", "255.255.255.255", "2001:db8::1", "fe80::", "1:2:3:4:5:6:7:8"],
        ["256.0.0.1", "10.0.0", "10.0.0.1\n", "1::2::3", "g::1", "\u0661.0.0.1"],
    ),
    (
        "Endpoint",
        ["192.168.1.200", "0.0.0.0"],  # noqa: S104  # a text, not an address to listen on
        ["192.168.1.300", "192.168.1", "a.b.c.d", "1.1.1.1\n"],
    ),
    ("TagKey", ["Name", "a b+c=d._:/-", "tab\there"], ["", "é", "a@b", "a\u3000b", "a,b"]),
    ("TagValue", ["x@y", "1 2"], ["", "ü", "a*b"]),
    (
        "S3Subdirectory",
        ["", "/a/b(1)+2_.", "a b", "a\u3000b", "a\xa0b"],
        ["a\tb", "é", "a\nb", "a$", "a\u2028b"],
    ),
    ("FsxLustreSubdirectory", ["/$a b", "a\u2003b"], ["", "a\u200bb", "a*"]),
    ("AzureBlobSubdirectory", ["", "é \u0301\U0001f600\n\0\ud800"], []),
    (
        "ScheduleExpressionCron",
        ["cron(0 12 ? * SUN,WED *)", "rate(1 hour)", ""],
        ["a;b", "a=b", "a'b"],
    ),
    ("ScheduleDisabledReason", ["Failed, why? 'x' <y> (z)|a=b;c/d-e", "a\nb"], ["é", "a&b", "[a]"]),
    (
        "FsxOntapSubdirectory",
        ["/a é\t\U0001f600", "\v"],
        ["", "\0", "a\nb", "a\x85", "\u2028", "a" * 256],
    ),
    ("SmbUser", ["user name", "é"], ["", "a\\b", 'a"b', "a[b", "a]b", "a<b", "a:b", "a" * 105]),
    ("SmbPassword", ["", "p\tä$\U0001f600", "\U0001f600" * 104], ["a\n", "a" * 105, "a\rb"]),
    ("SmbDomain", ["a", "corp.example--x.com"], ["a.-b", "-a", "a..b", "a-"]),
    ("FilterAttributeValue", ["a b*./\\?-:_"], ["a+b", "é"]),
    ("FilterValue", ["/a|/b", "é\n"], ["", "\0", "a\0"]),
    ("GoogleIdentityFederationResourceString", ["my-pool"], ["gcp-pool", "my-pool-", "1pool"]),
    ("LocationUri", ["s3://bucket/a-b", "fsxl-1://x:1"], ["ftp://x", "s3://", "s3://a_b"]),
    (
        "KmsKeyProviderUri",
        ["kms://http@a.b;c:9600/kms", "kms://https@h:1/kms"],
        ["kms://http@h/kms"],
    ),
    (
        "ActivationKey",
        ["ABCDE-12345-ABCDE-12345-ABCDE"],
        ["ABCDE-12345", "abcde-12345-ABCDE-12345-ABCDE"],
    ),
]


@pytest.mark.parametrize(("name", "good", "bad"), EXAMPLES)
def test_own_examples(name: str, good: list[str], bad: list[str]) -> None:
    """Values known to be right are accepted and values known to be wrong are not."""
    test_behaviour(OWN[name], good, bad)


def newest_models(data: Path) -> Iterator[Path]:
    """Return the newest model of each service in botocore's data directory."""
    for service in sorted(data.iterdir()):
        if found := sorted(service.glob("*/service-2.json.gz")):
            yield found[-1]


def test_patterns_of_all_services() -> None:
    """Every pattern of every service translates, and compiles without a warning."""
    botocore = pytest.importorskip("botocore")
    found: set[str] = set()
    for path in newest_models(Path(botocore.__file__).parent / "data"):
        shapes = json.loads(gzip.decompress(path.read_bytes()))["shapes"].values()
        found.update(shape["pattern"] for shape in shapes if "pattern" in shape)
    assert len(found) > OWN_COUNT
    for source in sorted(found):
        re.compile(translate(source))
