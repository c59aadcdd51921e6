from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Article
from services.producer.bad_input import BadInput
from services.producer.lines import MAX_TEXT_BYTES
from services.producer.readers import STANDARD_INPUT_PATH, read_articles


def line(text: str) -> bytes:
    return json.dumps({"text": text}).encode() + b"\n"


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def bodies(found: Sequence[Article | BadInput]) -> list[str]:
    return [item.body if isinstance(item, Article) else f"bad {item.line}" for item in found]


def read(content: bytes) -> list[Article | BadInput]:
    return list(read_articles([STANDARD_INPUT_PATH], io.BytesIO(content)))


def reason(content: bytes) -> str:
    (bad,) = read(content)
    assert isinstance(bad, BadInput)
    return str(bad)


def test_json_lines_are_read_in_order_and_a_bad_one_is_named_while_the_rest_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", line("one") + b"\n{bad\n" + line("two") + b"[]\n" + b'{"text": "no line feed"}')
    found = list(read_articles([path]))
    assert bodies(found) == ["one", "bad 3", "two", "bad 5", "no line feed"]
    assert isinstance(found[1], BadInput)
    assert found[1].file == str(path)
    assert str(found[1]) == (
        f"{path}:3: not JSON: Expecting property name enclosed in double quotes at column 2; mend or remove it"
    )


def test_a_seed_text_is_one_article_with_what_its_name_says(tmp_path: Path) -> None:
    path = write(tmp_path, "2025-06-02T0915_wire_x.txt", b"Title\n- Point\nBody.\n")
    (article,) = read_articles([path])
    assert isinstance(article, Article)
    assert (article.title, article.highlights, article.body, article.source) == ("Title", ("Point",), "Body.", "wire")


@pytest.mark.parametrize(
    "content", [b'{"text": "a"}', b'[{"text": "a"}]', b'{\n "text": "a"\n}', b'[\n{"text":\n"a"}]\n']
)
def test_a_json_file_holds_one_article_or_an_array_on_as_many_lines_as_it_likes(tmp_path: Path, content: bytes) -> None:
    assert bodies(list(read_articles([write(tmp_path, "a.json", content)]))) == ["a"]


def test_a_json_file_may_hold_an_article_a_line(tmp_path: Path) -> None:
    assert bodies(list(read_articles([write(tmp_path, "a.json", line("a") + b"{bad\n" + line("b"))]))) == [
        "a",
        "bad 2",
        "b",
    ]


def test_a_bad_item_of_an_array_is_named_by_its_position(tmp_path: Path) -> None:
    path = write(tmp_path, "a.json", b'[{"text": "a"}, 5, {"text": "b"}]')
    found = list(read_articles([path]))
    assert bodies(found) == ["a", "bad None", "b"]
    assert str(found[1]).startswith(f"{path}: [1]: a JSON number, not an object")


def test_a_folder_is_read_with_its_folders_in_the_order_of_names(tmp_path: Path) -> None:
    write(tmp_path, "b.jsonl", line("b"))
    write(tmp_path, "a.txt", b"Title\na")
    write(tmp_path, "deeper/0.NDJSON", line("c"))
    write(tmp_path, "deeper/still/1.json", line("d"))
    write(tmp_path, "README.md", b"# not an article")
    write(tmp_path, ".hidden.txt", b"Title\nhidden")
    write(tmp_path, ".git/x.txt", b"Title\nhidden")
    write(tmp_path, "expectations.yaml", b"a: 1")
    assert bodies(list(read_articles([tmp_path]))) == ["a", "b", "c", "d"]


def test_a_file_that_is_named_itself_may_have_any_ending(tmp_path: Path) -> None:
    json_lines, seed = write(tmp_path, "dump", line("a") + line("b")), write(tmp_path, "note.md", b"Title\nc")
    assert bodies(list(read_articles([json_lines, seed]))) == ["a", "b", "c"]


def test_a_folder_without_articles_is_bad_input(tmp_path: Path) -> None:
    write(tmp_path, "README.md", b"# nothing")
    (bad,) = read_articles([tmp_path])
    assert "holds no file that ends in .json, .jsonl, .ndjson, .txt" in str(bad)


def test_a_file_that_is_not_there_is_bad_input_and_the_others_are_read(tmp_path: Path) -> None:
    found = list(read_articles([tmp_path / "none.jsonl", write(tmp_path, "a.jsonl", line("a"))]))
    assert bodies(found) == ["bad None", "a"]
    assert "there is no such file" in str(found[0])


def test_a_name_that_no_file_can_have_is_bad_input() -> None:
    (bad,) = read_articles([Path("a\0b.txt")])
    assert "cannot be opened" in str(bad)


def test_a_file_that_cannot_be_opened_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.symlink_to(path)
    (bad,) = read_articles([path])
    assert "cannot be opened (Too many levels of symbolic links)" in str(bad)


def test_no_path_at_all_and_a_dash_are_standard_input() -> None:
    assert bodies(list(read_articles([], io.BytesIO(line("a"))))) == ["a"]
    assert bodies(read(line("a"))) == ["a"]


def test_standard_input_that_does_not_begin_with_a_brace_is_one_seed_text() -> None:
    (article,) = read(b"\n  Title\n- Point\nBody { not } JSON.\n")
    assert isinstance(article, Article)
    assert (article.title, article.highlights, article.body) == ("Title", ("Point",), "Body { not } JSON.")


def test_a_seed_text_may_begin_with_a_bracket() -> None:
    (article,) = read(b"[Updated] Title\nBody.")
    assert isinstance(article, Article)
    assert article.title == "[Updated] Title"


def test_an_array_on_standard_input_is_not_taken_for_a_seed_text() -> None:
    assert bodies(read(b'[{"text": "a"},\n{"text": "b"}]')) == ["a", "b"]


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_standard_input_holds_no_articles(content: bytes) -> None:
    assert read(content) == []


@pytest.mark.parametrize("name", ["a.txt", "a.json", "dump"])
def test_an_empty_file_is_bad_input(tmp_path: Path, name: str) -> None:
    (bad,) = read_articles([write(tmp_path, name, b"\n")])
    assert "is empty" in str(bad)


def test_standard_input_that_is_not_there_is_bad_input() -> None:
    assert isinstance(next(read_articles([STANDARD_INPUT_PATH])), BadInput)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    (article,) = read("\ufeffTitle\nBody.".encode())
    assert isinstance(article, Article)
    assert article.title == "Title"
    assert bodies(read("\ufeff".encode() + line("a") + "\ufeff".encode() + line("b"))) == ["a", "b"]


def test_a_byte_that_is_not_utf8_is_named_by_its_offset_in_the_file() -> None:
    assert "byte 9 (0xe9) is not UTF-8 but another encoding" in reason(b"Title\nCaf\xe9 burns down\n")
    assert "byte 12 (0xff) is not UTF-8" in reason(b"\xef\xbb\xbfTitle\nab\n\xff")
    first = line("a")
    found = read(first + b'{"text": "\xff"}\n' + line("b"))
    assert bodies(found) == ["a", "bad 2", "b"]
    assert f"byte {len(first) + 10} (0xff)" in str(found[1])


def test_utf16_is_recognised() -> None:
    assert "UTF-16, it seems" in reason("Title\nBody".encode("utf-16"))


def test_a_line_that_is_too_long_is_refused_and_the_next_is_read() -> None:
    longest = b'{"text": "' + b"a" * (MAX_TEXT_BYTES - 13) + b'"}\n'
    assert len(longest) == MAX_TEXT_BYTES
    found = read(
        longest + longest.replace(b'"}', b'a"}') + b'{"text": "' + b"a" * 3 * MAX_TEXT_BYTES + b'"}\n' + line("b")
    )
    assert [len(body) if len(body) > 100 else body for body in bodies(found)] == [
        MAX_TEXT_BYTES - 13,
        "bad 2",
        "bad 3",
        "b",
    ]
    assert "longer than 16 MiB" in str(found[1])


def test_a_seed_text_that_is_too_long_is_refused() -> None:
    assert len(read(b"T\n" + b"a" * (MAX_TEXT_BYTES - 2))) == 1
    assert "longer than 16 MiB" in reason(b"T\n" + b"a" * (MAX_TEXT_BYTES - 1))


def test_no_more_of_a_file_is_held_than_a_line() -> None:
    class Endless(io.RawIOBase):
        taken = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            content = (line("a") * 10)[: len(buffer)]
            buffer[: len(content)] = content
            self.taken += len(content)
            return len(content)

    endless = Endless()
    reading = read_articles([STANDARD_INPUT_PATH], io.BufferedReader(endless))
    for _ in range(1000):
        assert isinstance(next(reading), Article | BadInput)
    assert endless.taken < 2 * 1000 * len(line("a")) + io.DEFAULT_BUFFER_SIZE


def test_reading_that_breaks_off_is_named_and_what_came_before_is_kept() -> None:
    class Breaking(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            if found := super().readline(size):
                return found
            raise OSError(5, "Input/output error")

    found = list(read_articles([], Breaking(line("a"))))
    assert bodies(found) == ["a", "bad None"]
    assert "reading broke off (Input/output error)" in str(found[1])


def test_fields_that_were_left_out_are_told_with_their_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", line("a") + b'{"text": "b", "published": "soon"}\n')
    warnings: list[BadInput] = []
    assert bodies(list(read_articles([path], on_warning=warnings.append))) == ["a", "b"]
    assert [(warning.file, warning.line) for warning in warnings] == [(str(path), 2)]


def test_every_byte_that_was_read_is_counted(tmp_path: Path) -> None:
    contents = {
        "a.jsonl": line("a") * 3,
        "b.txt": b"\n\nTitle\nBody.\n",
        "c.json": b'[\n{"text": "c"}\n]\n',
        "d.jsonl": b"a" * (2 * MAX_TEXT_BYTES) + b"\n" + line("d"),
    }
    for name, content in contents.items():
        write(tmp_path, name, content)
    counted: list[int] = []
    list(read_articles([tmp_path], on_bytes=counted.append))
    assert sum(counted) == sum(len(content) for content in contents.values())


@given(st.binary(max_size=300), st.sampled_from(["", "a.txt", "a.json", "a.jsonl"]))
def test_any_bytes_are_articles_that_fit_on_the_stream_or_bad_input(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str
) -> None:
    found = read_articles([write(tmp_path_factory.getbasetemp(), name, content)]) if name else read(content)
    for item in found:
        if isinstance(item, Article):
            assert Article.from_bytes(item.to_bytes()) == item
        else:
            assert item.reason


def test_many_short_highlights_are_no_trouble() -> None:
    (article,) = read(b"Title\n" + b"- a\n" * 500_000)
    assert isinstance(article, Article)
    assert len(article.highlights) == 500_000
