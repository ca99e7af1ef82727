# SPDX-License-Identifier: ISC
"""What tools/embed.py says of a file by its name; the rest is in tests/unit/embedded."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import embed  # noqa: E402


@pytest.mark.parametrize("name, media_type", [
    ("index.html", "text/html; charset=utf-8"),
    ("a/style.CSS", "text/css; charset=utf-8"),
    ("app.min.js", "text/javascript; charset=utf-8"),
    ("app.mjs", "text/javascript; charset=utf-8"),
    ("logo.svg", "image/svg+xml"),
    ("data.json", "application/json"),
    ("photo.jpeg", "image/jpeg"),
    ("font.woff2", "font/woff2"),
    ("code.wasm", "application/wasm"),
    ("film.mp4", "video/mp4"),
    ("index.html.gz", "application/gzip"),
    (".html", "text/html; charset=utf-8"),
    ("read.me", "application/octet-stream"),
    ("v1.html/data", "application/octet-stream"),
    ("html", "application/octet-stream"),
    ("a.", "application/octet-stream"),
])
def test_media_types_follow_the_suffix(name, media_type):
    assert embed.type_of(name) == media_type


def test_a_path_that_no_key_can_be_is_refused(tmp_path):
    """KV_KEY_BYTES_MAX of hal/kv.h."""
    long = tmp_path / ("d" * 100) / ("e" * 100)
    long.mkdir(parents=True)
    (long / ("f" * 53)).touch()
    assert [len(name) for name in embed.find_files(str(tmp_path))] == [255]
    (long / ("g" * 54)).touch()
    with pytest.raises(embed.Refusal, match="256 bytes; 255 are the limit"):
        embed.find_files(str(tmp_path))
