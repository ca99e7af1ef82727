# SPDX-License-Identifier: ISC
"""Disks that are made of folders: what make run DISK=dir:FOLDER attaches."""

import os
import pathlib
import subprocess
import sys
import tarfile

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import folder_disk  # noqa: E402


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    (folder / "a sub").mkdir(parents=True)
    (folder / "index.html").write_text("hello\n")
    (folder / "a sub" / "A long name with spaces.txt").write_text("below\n")
    return folder


def test_a_volume_is_clean_and_holds_the_files(site, tmp_path):
    path = tmp_path / "disk.fat"
    folder_disk.make("dir", str(site), path)
    subprocess.run(["fsck.vfat", "-n", str(path)], check=True, stdout=subprocess.DEVNULL)
    for name in ("index.html", "a sub/A long name with spaces.txt"):
        got = subprocess.run(["mcopy", "-i", str(path), f"::{name}", "-"], check=True, capture_output=True)
        assert got.stdout == (site / name).read_bytes()


def test_an_archive_holds_the_files(site, tmp_path):
    path = tmp_path / "disk.tar"
    folder_disk.make("tar", str(site), path)
    assert path.stat().st_size % (1 << 20) == 0
    with tarfile.open(path) as t:
        assert t.extractfile("a sub/A long name with spaces.txt").read() == b"below\n"


def test_an_empty_folder_is_an_empty_disk(tmp_path):
    (tmp_path / "none").mkdir()
    for kind in folder_disk.KINDS:
        folder_disk.make(kind, str(tmp_path / "none"), tmp_path / "disk")
        assert (tmp_path / "disk").stat().st_size > 0


@pytest.mark.parametrize("kind", folder_disk.KINDS)
def test_what_cannot_be_is_said(site, tmp_path, kind, monkeypatch):
    with pytest.raises(folder_disk.Refusal, match="there is no folder"):
        folder_disk.make(kind, str(tmp_path / "nowhere"), tmp_path / "disk")
    with pytest.raises(folder_disk.Refusal, match="name is missing"):
        folder_disk.make(kind, "", tmp_path / "disk")
    monkeypatch.setattr(folder_disk, "BYTES_MAX", 40 << 10)
    with pytest.raises(folder_disk.Refusal, match="more than"):
        folder_disk.make(kind, str(site), tmp_path / "disk")


def refusal(kind, folder, path):
    with pytest.raises(folder_disk.Refusal) as caught:
        folder_disk.make(kind, str(folder), path)
    return str(caught.value)


@pytest.mark.parametrize("name, said", [("a:b", "has a ':'"), ("a?", "has a '?'"), ("a\tb", r"has a '\t'"),
                                        ("a\\b", "has a '"), ("end.", "ends with a dot"), ("end ", "ends with a space"),
                                        (b"\xff", "is not UTF-8")])
def test_names_that_a_volume_cannot_have_are_said(site, tmp_path, name, said):
    (site / "a sub" / os.fsdecode(name)).write_text("x")
    assert said in refusal("dir", site, tmp_path / "disk")
    folder_disk.make("tar", str(site), tmp_path / "disk")


def test_names_that_differ_in_case_are_said(site, tmp_path):
    (site / "INDEX.html").write_text("x")
    assert "are one name" in refusal("dir", site, tmp_path / "disk")


@pytest.mark.parametrize("kind", folder_disk.KINDS)
def test_links_are_files_or_refused(site, tmp_path, kind):
    path = tmp_path / "disk"
    (site / "linked.html").symlink_to("index.html")
    folder_disk.make(kind, str(site), path)
    assert path.read_bytes().count(b"hello\n") == 2
    (site / "loop").symlink_to(".")
    assert "link to a folder" in refusal(kind, site, path)
    (site / "loop").unlink()
    (site / "dangling").symlink_to("nothing")
    assert "not a regular file" in refusal(kind, site, path)
    assert "is not a folder" in refusal(kind, site / "index.html", path)


def test_a_volume_has_room_for_many_names_and_is_in_utc(site, tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("TZ", "America/New_York")
    for n in range(700):
        (site / f"a rather long name, that of file number {n}").touch()
    (site / "日本.txt").write_text("x")
    os.utime(site / "日本.txt", (1000000000, 1000000000))  # 2001-09-09 01:46:40
    path = tmp_path / "disk"
    folder_disk.make("dir", str(site), path)
    listed = subprocess.run(["mdir", "-i", str(path), "::"], check=True, capture_output=True, text=True,
                            env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
    assert listed.count("a rather long name") == 700
    assert "2001-09-09   1:46" in next(line for line in listed.splitlines() if "日本" in line)
    subprocess.run(["fsck.vfat", "-n", str(path)], check=True, stdout=subprocess.DEVNULL)


def test_other_texts_are_files():
    assert folder_disk.split("disk.img") is None
    assert folder_disk.split("c:disk.img") is None
    assert folder_disk.split("dir:a:b") == ("dir", "a:b")
