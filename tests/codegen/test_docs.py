"""The clean text of documentation, its first sentence, and its lines in a docstring."""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.docs import docstring, paragraphs, summary

SPEC = Path(__file__).parents[2] / "specs/datasync/service-2.json"
GUIDE = "https://docs.aws.amazon.com/s3/guide.html"

TEXTS = {
    "nothing": (None, ""),
    "empty": ("", ""),
    "only markup": ("<p/> <ul/><zonbook></zonbook><xhtml></xhtml><code/>", ""),
    "no markup": (" Plain\n  text ", "Plain text"),
    "paragraphs": ("<p>The\n   first. </p> <p>The second.</p>", "The first.\n\nThe second."),
    "text outside of paragraphs": ("one<p>two</p>three", "one\n\ntwo\n\nthree"),
    "entities": ("<p>&lt;b&gt; &amp; &quot;x&#39;s&quot;&nbsp;y</p>", '<b> & "x\'s" y'),
    "escaped as a whole": ("&lt;p&gt;A &amp;lt; B.&lt;/p&gt;", "A < B."),
    "code": ("<p>Set <code>Status</code> to <code>A B</code>.</p>", "Set ``Status`` to ``A B``."),
    "blanks in code": (
        "<p>Set<code> Status </code>to (<code> A</code>)</p>",
        "Set ``Status`` to (``A``)",
    ),
    "empty code": ("<p><code/>SUCCESS <code> </code></p>", "SUCCESS"),
    "code with a backtick": ("<p>Not <code>`</code> or <code>a`b</code></p>", "Not ` or ``a`b``"),
    "markup in code": ("<code>arn:<i>id</i>:<replaceable>x</replaceable></code>", "``arn:id:x``"),
    "plain text tags": ("<i>a</i> <b>b</b> <em>c</em> <strong>d</strong>", "a b c d"),
    "emphasis in a word": ("<p>un<b>believ</b>able</p>", "unbelievable"),
    "blanks before punctuation": (
        "<p>In the <i>User Guide </i>. Use <code>*</code> , <a>Op</a> ; or (<b>x </b>).</p>",
        "In the User Guide. Use ``*``, Op; or (x).",
    ),
    "a dot that begins a word": ("<p>Use <b>the</b> .NET SDK</p>", "Use the .NET SDK"),
    "link": (f'<p>See <a href="{GUIDE}">the guide</a>.</p>', f"See the guide ({GUIDE})."),
    "blanks in a link": (f'See<a href=" {GUIDE} "> it </a>.', f"See it ({GUIDE})."),
    "link to its text": (f'<p>See <a href="{GUIDE}">{GUIDE}</a>.</p>', f"See {GUIDE}."),
    "link without text": (f'<p>See <a href="{GUIDE}"></a>.</p>', f"See {GUIDE}."),
    "no useful address": (
        '<a>CreateTask</a> or <a href="/x">y</a> or <a href="mailto:a@b.c">a@b.c</a>',
        "CreateTask or y or a@b.c",
    ),
    "link in code": (f'<code> <a href="{GUIDE}">Op</a> </code>.', f"``Op`` ({GUIDE})."),
    "code in a link": (f'<a href="{GUIDE}"><code>Op</code></a>.', f"``Op`` ({GUIDE})."),
    "bullets": (
        "<p>One of:</p> <ul> <li> <p> <code>A</code> - First.</p> </li> <li>Second</li> </ul> <p>x",
        "One of:\n\n- ``A`` - First.\n- Second\n\nx",
    ),
    "numbers": ("<ol><li>a</li><li>b</li></ol><ol><li>c</li></ol>", "1. a\n2. b\n1. c"),
    "nested lists": (
        "<ul><li><p>a</p><ol><li>b<ul><li>c</li></ul></li><li>d</li></ol></li><li>e</li></ul>",
        "- a\n  1. b\n    - c\n  2. d\n- e",
    ),
    "paragraphs of an item": (
        "<ul><li><p>a</p><p>b</p><note><p>c</p></note></li><li>d</li></ul><p>e</p>",
        "- a\n\n  b\n\n  Note: c\n\n- d\n\ne",
    ),
    "terms": (
        "<dl><dt>On</dt><dd><p>Runs.</p><p>More.</p></dd><dt>Off:</dt><dd>Not.</dd></dl>",
        "On: Runs.\n\n  More.\n\nOff: Not.",
    ),
    "lists of terms": (
        "<dl><dt>A</dt><dd><ul><li>x</li></ul></dd><dt/><dd>y</dd><dt>B</dt></dl>",
        "A:\n  - x\ny\nB:",
    ),
    "notes": (
        (
            "<note> <p>One.</p> <p>Two.</p> </note><important>Three.</important><warning>4</warning>"
            "<caution>5</caution>"
        ),
        "Note: One.\n\nTwo.\n\nImportant: Three.\n\nWarning: 4\n\nCaution: 5",
    ),
    "note of a list": ("<note><ul><li>a</li></ul></note>", "Note:\n\n- a"),
    "note that says so": ("<note><p><b>Note:</b> mind.</p></note>", "Note: mind."),
    "empty note": ("<note/><p>x</p>", "x"),
    "full name": ("<p><fullname>My Service</fullname> <p>Does it.</p>", "Does it."),
    "full name without end": ("<fullname>My Service<p>Does it.</p>", "My Service\n\nDoes it."),
    "verbatim": (
        "<p>So:</p><pre><code>\n{\n  &quot;a&quot;:  1,\n\n  b\n}\n</code></pre><p>x</p>",
        'So:\n\n    {\n      "a":  1,\n\n      b\n    }\n\nx',
    ),
    "verbatim in an item": ("<ul><li>a<pre>b  c</pre></li></ul>", "- a\n\n      b  c"),
    "line breaks": ("<p>a<br>b<br/>c</p><p><br/>d<br/></p><p>e</p>", "a\nb\nc\n\nd\n\ne"),
    "line breaks in an item": ("<ul><li>a<br>b</li><li>c</li></ul>", "- a\n  b\n- c"),
    "line breaks in verbatim": ("<pre>a  b<br>\tc</pre>", "    a  b\n            c"),
    "an item outside of a list": ("<li>a<p>b</p></li><p>c</p>", "- a\n\n  b\n\nc"),
    "placeholders": (
        "<p>arn:aws:<region>:<account-id>/<N> <B> </uuid></p>",
        "arn:aws:<region>:<account-id>/<N> <B> </uuid>",
    ),
    "tags of other languages": (
        '<Role id="a"/><script>x</script>',
        '<Role id="a"/><script>x</script>',
    ),
    "less-than signs": ("<p>a < b <3 <", "a < b <3 <"),
    "comments": ("a <!-- b --> <?c?> <![CDATA[d]]>", "a <!-- b --> <?c?> <![CDATA[d]]>"),
    "cut markup": ('<p>a <code>b <a href="http', 'a ``b <a href="http``'),
    "unbalanced": ("</ul></li><ul><li>a<li>b</ol></p></dd><p>c</code></note>", "- a\n- b\n\nc"),
}

SENTENCES = {
    "": "",
    "No end": "No end",
    "Creates a task. Then runs it.": "Creates a task.",
    "Reads from Amazon S3. Then writes.": "Reads from Amazon S3.",
    "Writes, e.g. Amazon S3, i.e. Buckets. Next.": "Writes, e.g. Amazon S3, i.e. Buckets.",
    "Files vs. Objects, eg. Blobs. Next.": "Files vs. Objects, eg. Blobs.",
    "In U.S. Regions only. Next.": "In U.S. Regions only.",
    "Needs TLS 1.2 or later. Next.": "Needs TLS 1.2 or later.",
    "Tasks, locations, etc. in use. Next.": "Tasks, locations, etc. in use.",
    "Use the .NET SDK! ``Next``.": "Use the .NET SDK!",
    'Says "no." (Or so.) Next.': 'Says "no."',
    f"See it ({GUIDE}). Next.": f"See it ({GUIDE}).",
    "The state:\n\n- A. B.": "The state:",
    "- An item. Next.\n- B": "An item.",
}

WRAPPED = {
    "empty": ("", ()),
    "one line": ("Short.", ("Short.",)),
    "the quotes count": ("a" * 10 + " " + "b" * 9, ("a" * 10, "b" * 9)),
    "the opening quotes count": ("a" * 10 + " " + "b" * 12, ("a" * 10, "b" * 12)),
    "no break in words": (
        "aaaa bbbb aaaa-bbbbbbb " + "c" * 40,
        ("aaaa bbbb", "aaaa-bbbbbbb", "c" * 40),
    ),
    "items hang": (
        "Of:\n\n- aaaa bbbb cccc dddd eeee\n  1. aaaa bbbb cccc dddd",
        ("Of:", "", "- aaaa bbbb cccc dddd", "  eeee", "  1. aaaa bbbb cccc", "     dddd"),
    ),
    "terms hang": (
        "T: aaaa bbbb cccc dddd\nU: x",
        ("T: aaaa bbbb cccc", "  dddd", "U: x"),
    ),
    "no line begins with a dash": (
        "aaa.\n\naaaa bbbb cccc dddddd - eeee",
        ("aaa.", "", "aaaa bbbb cccc", "dddddd - eeee"),
    ),
    "verbatim": ("A:\n\n    {\n      a:  1\n    }", ("A:", "", "    {", "      a:  1", "    }")),
    "backslashes": ("a \\n b\\", ("a \\\\n b\\\\",)),
    "quotes": ('"""" x "y"', ('""\\"\\" x "y\\"',)),
    "control characters": ("a\x00b\rc", ("a\\x00b\\rc",)),
}


@pytest.mark.parametrize(("source", "expected"), TEXTS.values(), ids=TEXTS.keys())
def test_paragraphs(source: str | None, expected: str) -> None:
    """Each rule of the markup, by example."""
    assert paragraphs(source) == expected


@pytest.mark.parametrize(("text", "expected"), SENTENCES.items())
def test_summary(text: str, expected: str) -> None:
    """A sentence ends at a mark that a new sentence follows."""
    assert summary(text) == expected


@pytest.mark.parametrize(("text", "expected"), WRAPPED.values(), ids=WRAPPED.keys())
def test_docstring(text: str, expected: tuple[str, ...]) -> None:
    """Each rule of the wrapping, by example, in 22 columns."""
    assert docstring(text, indent=4, width=26) == expected


def check_docstring(text: str, *, indent: int, width: int) -> None:
    """Assert that the lines are what the text says, in both places, within the width."""
    lines = docstring(text, indent=indent, width=width)
    for end in ("", "\n"):
        value = ast.literal_eval('"""' + "\n".join(lines) + end + '"""')
        assert value.split() == text.split()
    for number, line in enumerate(lines):
        quotes = 3 * (number == 0) + 3 * (len(lines) == 1)
        assert line == line.rstrip()
        assert indent + quotes + len(line) <= width or " " not in line.strip(" ")


def element(tag: str, children: list[tuple[str, list[str]]]) -> tuple[str, list[str]]:
    """Put elements, each with its words, into one."""
    inner = "".join(source for source, _ in children)
    return f"<{tag}>{inner}</{tag.split(maxsplit=1)[0]}>", [word for _, words in children for word in words]


TAGS = (
    *re.findall(r"\w+", "p code i b em strong replaceable ul ol dl li dt dd note important pre u h2 div"),
    f'a href="{GUIDE}"',
    "a",
)
ELEMENTS = st.recursive(
    st.text().map(lambda text: (html.escape(text), text.split())),
    lambda inner: st.builds(element, st.sampled_from(TAGS), st.lists(inner, max_size=4)),
)
SCRAPS = st.sampled_from(
    [opening + tag + ">" for opening in ("<", "</") for tag in (*TAGS, "fullname", "N", "br/")]
    + re.findall("[^ ]+", '< > & " \' <!-- --> <![ <? </ <a\thref= &lt &# \\ ` """')
)


@given(ELEMENTS)
def test_every_word_is_kept(source: tuple[str, list[str]]) -> None:
    """Whatever stands in whatever known tags comes out, and into a docstring."""
    markup, words = source
    text = paragraphs(f"<div>{markup}</div>")
    for word in words:
        assert word in text
    check_docstring(text, indent=4, width=60)


@given(st.lists(SCRAPS | st.text(max_size=5)).map("".join), st.integers(0, 12))
def test_broken_markup_never_fails(source: str, indent: int) -> None:
    """Scraps of tags in any order give some text, which has a summary and a docstring."""
    text = paragraphs(source)
    assert summary(text) in text
    check_docstring(text, indent=indent, width=50)


@given(st.text(), st.text('"\\ \na'))
def test_any_text_is_safe_in_a_docstring(start: str, end: str) -> None:
    """Quotes, backslashes and control characters come back from between the quotes."""
    text = "\n".join(line.rstrip() for line in f"{start}{end}".split("\n")).strip("\n")
    lines = docstring(text, indent=0, width=10_000)
    assert ast.literal_eval('"""' + "\n".join(lines) + '"""') == text


def documentation(node: object) -> Iterator[str]:
    """Give every documentation string at or below a part of the spec."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "documentation" and isinstance(value, str):
                yield value
            else:
                yield from documentation(value)
    elif isinstance(node, list):
        for value in node:
            yield from documentation(value)


def test_a_whole_service() -> None:
    """Real documentation leaves no markup behind, and no words."""
    sources = list(documentation(json.loads(SPEC.read_text(encoding="utf-8"))))
    assert sources
    for source in sources:
        text = paragraphs(source)
        assert not re.search(r"</|<p\b|<code\b|&#?\w+;|\t|  +\S+.* {2}|\n{3}", text), text
        named = re.sub(r"<fullname>.*?</fullname>", "", source)
        for word in html.unescape(re.sub(r"</?[a-z][^<>]*>", " ", named)).split():
            assert word in text
        for address in re.findall(r'href="(https?:[^"]+)"', source):
            assert address in text
        assert summary(text) in text
        check_docstring(text, indent=4, width=100)
        check_docstring(text, indent=8, width=100)
