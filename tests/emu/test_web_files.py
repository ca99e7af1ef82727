# SPDX-License-Identifier: ISC
"""apps/web built with --files=: a disk of the machine, served and changed over HTTP, beside its own pages."""

import contextlib
import gzip
import http.client
import json
import random
import re
import socket
import subprocess
import sys
import time
from email.utils import parsedate_to_datetime

import pytest

from guest import ROOT, Guest, image
from monitor import Monitor

sys.path.insert(0, str(ROOT / "tools"))
import folder_disk  # noqa: E402

FATA = str(ROOT / "build/tools/fata")
OWN = ROOT / "apps/web/htdocs"
REQUESTS = 48  # that web has room for
LARGE = random.Random(1).randbytes(1 << 20)


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    (folder / "sub").mkdir(parents=True)
    (folder / "index.html").write_bytes(b"<p>Hello.\n")
    (folder / "sub" / "large.bin").write_bytes(LARGE)
    return folder


def disk_of(site, kind="dir"):
    path = site.parent / ("disk,1.img" if kind == "tar" else "disk.img")  # a comma ends options of QEMU
    folder_disk.make(kind, str(site), path)
    return path


def guest(path, args="", board="virt-aarch64", app="web-fat", **options):
    return Guest(board, app, args=args, tcp=[80], disk=str(path), **options)


def ask(g, method, path, body=None, headers=None):
    c = http.client.HTTPConnection(*g.address(80), timeout=20)
    c.request(method, path, body, headers or {})
    answer = c.getresponse()
    data = answer.read()
    c.close()
    return answer, data


def counted(g, name):
    """A counter of the routes to the disk's files."""
    return int(re.search(rf"^fata_http_files_{name}_total{{.*}} (\d+)$", ask(g, "GET", "/metrics")[1].decode(), re.MULTILINE).group(1))


def test_a_folder_is_served(site):
    with guest(disk_of(site)) as g:
        g.wait_for("boot: ready")
        answer, data = ask(g, "GET", "/")
        assert (answer.status, data) == (200, b"<p>Hello.\n")
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        modified, tag = answer.headers["Last-Modified"], answer.headers["ETag"]
        # In steps of two seconds, and UTC wherever the volume was made.
        assert abs(parsedate_to_datetime(modified).timestamp() - (site / "index.html").stat().st_mtime) <= 2
        assert ask(g, "GET", "/", headers={"If-Modified-Since": modified})[0].status == 304
        assert ask(g, "GET", "/", headers={"If-None-Match": tag})[0].status == 304
        assert ask(g, "GET", "/sub/large.bin")[1] == LARGE
        answer, data = ask(g, "GET", "/sub/large.bin", headers={"Range": "bytes=700001-"})
        assert (answer.status, data) == (206, LARGE[700001:])
        assert ask(g, "GET", "/sub")[0].status == 404
        assert ask(g, "PUT", "/new", b"x")[0].status == 405


def test_the_pages_about_the_image_are_beside_them(site):
    (site / "fata").mkdir()
    (site / "fata" / "index.html").write_text("hidden")
    (site / "metrics").write_text("hidden")
    with guest(disk_of(site), "--uploads") as g:
        g.wait_for("boot: ready")
        answer, data = ask(g, "GET", "/fata/", headers={"Accept-Encoding": "gzip"})
        assert (answer.status, gzip.decompress(data)) == (200, OWN.joinpath("index.html").read_bytes())
        assert ask(g, "GET", "/fata/style.css")[1] == OWN.joinpath("style.css").read_bytes()
        for path in ("/status.json", "/fata/status.json"):
            assert json.loads(ask(g, "GET", path)[1])["board"] == "virt-aarch64"
            assert ask(g, "PUT", path, b"x")[0].status == 405
        assert ask(g, "PUT", "/fata/index.html", b"x")[0].status == 405
        assert ask(g, "DELETE", "/metrics")[0].status == 405
        before = counted(g, "requests")
        ask(g, "GET", "/")
        ask(g, "PUT", "/new", b"x")
        assert (counted(g, "requests"), counted(g, "uploads")) == (before + 2, 1)


def test_how_long_an_upload_may_be_is_a_boot_argument(site):
    with guest(disk_of(site), "--uploads --upload-max=1M") as g:
        g.wait_for("boot: ready")
        assert ask(g, "PUT", "/most", LARGE)[0].status == 201
        assert ask(g, "PUT", "/more", LARGE + b"x")[0].status == 413
        assert ask(g, "GET", "/more")[0].status == 404
        assert counted(g, "uploads_ended") == 1


@pytest.mark.parametrize("board", ["virt-aarch64", "q35"])
def test_uploads_are_on_the_disk(site, board):
    path = disk_of(site)
    with guest(path, "--uploads", board) as g:
        g.wait_for("boot: ready")
        assert ask(g, "PUT", "/new/up.bin", LARGE)[0].status == 201
        assert ask(g, "GET", "/new/up.bin")[1] == LARGE
        assert ask(g, "PUT", "/index.html", b"another")[0].status == 204
        assert ask(g, "DELETE", "/sub/large.bin")[0].status == 204
        assert ask(g, "GET", "/sub/large.bin")[0].status == 404
        assert ask(g, "PUT", "/large", b"x" * ((16 << 20) + 1))[0].status == 413
        assert ask(g, "PUT", "/full.bin", LARGE * 15)[0].status == 201
        assert ask(g, "PUT", "/full2.bin", LARGE * 10)[0].status == 507
        assert ask(g, "GET", "/index.html")[1] == b"another"
        # What was begun and given up is gone for good with the next change that is safe.
        assert ask(g, "PUT", "/last", b"")[0].status == 201
    # The mark of a volume in use is all that is left of a guest that was not asked to stop.
    checked = subprocess.run(["fsck.vfat", "-n", str(path)], check=False, capture_output=True, text=True).stdout
    marks = [line for line in checked.splitlines()[1:-1] if line and "irty bit" not in line]
    assert marks == ["Leaving filesystem unchanged."], checked
    subprocess.run(["fsck.vfat", "-a", str(path)], check=False, stdout=subprocess.DEVNULL)
    back = subprocess.run(["mcopy", "-i", str(path), "::new/up.bin", "-"], check=True, capture_output=True)
    assert back.stdout == LARGE


def with_bad_sector(path, at):
    """The guest's disk with an error of the medium where byte `at` of the file is."""
    blockdevs = [f"driver=file,node-name=f,filename={path}",
                 f"driver=blkdebug,node-name=b,image=f,inject-error.0.event=read_aio,inject-error.0.sector={at // 512},"
                 "inject-error.0.errno=5", "driver=raw,node-name=d,file=b"]
    extra = [word for b in blockdevs for word in ("-blockdev", b)]
    device = image("virt-aarch64", "web-fat").disk
    return Guest("virt-aarch64", "web-fat", tcp=[80], extra=[*extra, "-device", f"{device},drive=d,rerror=report"])


def test_a_disk_that_fails_is_an_error_and_not_a_hang(site):
    path = disk_of(site)
    data = path.read_bytes()
    with with_bad_sector(path, data.index(LARGE[:512])) as g:
        g.wait_for("boot: ready")
        assert ask(g, "GET", "/sub/large.bin")[0].status == 500
        assert ask(g, "GET", "/")[1] == b"<p>Hello.\n"
    with with_bad_sector(path, data.index(LARGE[600 * 1024:][:512])) as g:
        g.wait_for("boot: ready")
        with pytest.raises((http.client.HTTPException, OSError)):
            ask(g, "GET", "/sub/large.bin")
        assert ask(g, "GET", "/")[1] == b"<p>Hello.\n"


def begin(g, text, recv_bytes=None):
    """A connection on which a request has begun, whose answer is not read."""
    s = socket.socket()
    if recv_bytes is not None:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, recv_bytes)
    s.settimeout(30)
    s.connect(g.address(80))
    s.sendall(text)
    return s


def status(s):
    """That of the answer, or None if there is none."""
    answer = http.client.HTTPResponse(s)
    try:
        answer.begin()
        return answer.status
    except (http.client.HTTPException, OSError):
        return None


def assert_own_pages(g):
    assert ask(g, "GET", "/fata/")[1] == OWN.joinpath("index.html").read_bytes()
    assert ask(g, "GET", "/status.json")[0].status == 200


def test_a_disk_that_is_pulled_out(site, tmp_path):
    (site / "huge.bin").write_bytes(LARGE * 16)
    monitor = Monitor(tmp_path / "qmp")
    with guest(disk_of(site), "--uploads", extra=monitor.options) as g:
        g.wait_for("boot: ready")
        assert ask(g, "PUT", "/before", LARGE)[0].status == 201
        reading = begin(g, b"GET /huge.bin HTTP/1.1\r\nHost: h\r\n\r\n", 4096)
        assert reading.recv(13) == b"HTTP/1.1 200 "
        writing = begin(g, b"PUT /half HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % len(LARGE) + LARGE[:1 << 19])
        assert monitor.run("human-monitor-command", **{"command-line": "drive_del disk0"})["return"] == ""
        for method, body in (("GET", None), ("HEAD", None), ("PUT", b"x"), ("PUT", LARGE), ("DELETE", None)):
            assert ask(g, method, "/sub/large.bin", body)[0].status in (500, 503), method
        writing.sendall(LARGE[1 << 19:])
        assert status(writing) in (500, 503)
        got = 0
        with contextlib.suppress(OSError):
            while data := reading.recv(1 << 16):
                got += len(data)
        assert got < len(LARGE) * 16
        assert_own_pages(g)
        assert counted(g, "store_errors") >= 7
        assert g.alive()


def test_a_disk_that_does_not_answer(site, tmp_path):
    """The driver waits for ten seconds, the server for thirty. When the disk is well again, so are they."""
    monitor = Monitor(tmp_path / "qmp")

    def throttle(bytes_a_second):
        none = {name: 0 for name in ("bps_rd", "bps_wr", "iops", "iops_rd", "iops_wr")}
        assert "return" in monitor.run("block_set_io_throttle", device="disk0", bps=bytes_a_second, **none)

    (site / "middle.bin").write_bytes(LARGE)  # and nothing behind it has been read when the first page has
    with guest(disk_of(site), "--uploads", extra=monitor.options) as g:
        g.wait_for("boot: ready")
        assert ask(g, "GET", "/")[0].status == 200
        throttle(1)
        ask_for = [b"GET /sub/large.bin HTTP/1.1\r\nHost: h\r\n\r\n", b"PUT /new HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx"]
        waiting = [begin(g, text) for text in ask_for]
        for s in waiting:
            s.settimeout(60)
        assert_own_pages(g)
        assert [status(s) in (500, 503) for s in waiting] == [True, True]
        throttle(0)
        deadline = time.monotonic() + 60
        while ask(g, "GET", "/sub/large.bin")[1] != LARGE:
            assert time.monotonic() < deadline
        assert_own_pages(g)


def test_readers_that_stall_make_room(site):
    """They take all the room there is and nothing else; long before the server gives them up others get in."""
    (site / "huge.bin").write_bytes(LARGE * 16)
    with guest(disk_of(site)) as g:
        g.wait_for("boot: ready")
        stalling = [begin(g, b"GET /huge.bin HTTP/1.1\r\nHost: h\r\n\r\n", 4096) for _ in range(REQUESTS)]
        begun = time.monotonic()
        while ask(g, "GET", "/")[0].status != 503:
            assert time.monotonic() < begun + 20
        assert_own_pages(g)
        full = time.monotonic()
        while ask(g, "GET", "/")[0].status != 200:
            assert time.monotonic() < full + 20
            time.sleep(0.1)
        assert counted(g, "stalled") >= 1
        for s in stalling:
            s.close()


def test_a_blank_disk_has_no_files(tmp_path):
    path = tmp_path / "blank.img"
    path.write_bytes(bytes(1 << 20))
    with guest(path, "--uploads") as g:
        assert "files: warning: the disk has no files of the kind that --files= says" in g.wait_for("boot: ready")
        assert ask(g, "GET", "/")[0].status == 500
        assert ask(g, "PUT", "/new", b"x")[0].status == 500
        assert ask(g, "PUT", "/large", LARGE)[0].status == 500
    assert path.read_bytes() == bytes(1 << 20)


# --- other stores --------------------------------------------------------------------------------


def test_an_archive_is_served(site):
    (site / "many").mkdir()
    for n in range(300):
        (site / "many" / f"{n}.txt").write_text(f"{n}\n")
    with guest(disk_of(site, "tar"), "", app="web-tar") as g:
        g.wait_for("boot: ready")
        answer, data = ask(g, "GET", "/")
        assert (answer.status, data) == (200, b"<p>Hello.\n")
        tag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
        assert ask(g, "GET", "/", headers={"If-None-Match": tag})[0].status == 304
        assert parsedate_to_datetime(modified).timestamp() == int((site / "index.html").stat().st_mtime)
        assert ask(g, "GET", "/sub/large.bin")[1] == LARGE
        answer, data = ask(g, "GET", "/sub/large.bin", headers={"Range": "bytes=700001-"})
        assert (answer.status, data) == (206, LARGE[700001:])
        assert ask(g, "GET", "/many/299.txt")[1] == b"299\n"
        assert ask(g, "HEAD", "/none")[0].status == 404
        assert ask(g, "PUT", "/new", b"x")[0].status == 405


def kv(path, *words, **options):
    return subprocess.run([FATA, "kv", str(path), *words], check=True, capture_output=True, **options).stdout


@pytest.mark.parametrize("board", ["virt-aarch64", "q35"])
def test_a_store_of_the_build_machine_is_served_and_changed(tmp_path, board):
    path = tmp_path / "disk.img"
    kv(path, "format", "--size=8M", "--block=64k", "--unit=512")
    kv(path, "set", "index.html", "<p>Hello.\n")
    kv(path, "set", "sub/large.bin", "-", input=LARGE)
    with guest(path, "--uploads", board, "web-kv") as g:
        g.wait_for("boot: ready")
        answer, data = ask(g, "GET", "/")
        assert (answer.status, data) == (200, b"<p>Hello.\n")
        assert ask(g, "GET", "/sub/large.bin")[1] == LARGE
        assert ask(g, "PUT", "/new", LARGE[::-1])[0].status == 201
        assert ask(g, "PUT", "/index.html", b"another")[0].status == 204
        assert ask(g, "DELETE", "/sub/large.bin")[0].status == 204
        assert ask(g, "PUT", "/small", b"")[0].status == 201
        g.process.kill()
        g.process.wait()
    assert kv(path, "get", "new") == LARGE[::-1]
    assert kv(path, "get", "index.html") == b"another"
    assert kv(path, "get", "small") == b""
    assert b"large.bin" not in kv(path, "list", "")
    with guest(path, "", board, "web-kv") as g:
        g.wait_for("boot: ready")
        assert ask(g, "GET", "/new")[1] == LARGE[::-1]


def test_a_blank_disk_becomes_a_store(tmp_path):
    path = tmp_path / "disk.img"
    path.write_bytes(bytes(4 << 20))
    with guest(path, "--uploads", app="web-kv") as g:
        assert "there is no index.html" in g.wait_for("boot: ready")
        assert ask(g, "GET", "/")[0].status == 404
        assert ask(g, "PUT", "/index.html", b"first")[0].status == 201
        assert ask(g, "GET", "/")[1] == b"first"
        g.process.kill()
        g.process.wait()
    assert kv(path, "get", "index.html") == b"first"

