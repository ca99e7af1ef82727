# SPDX-License-Identifier: ISC
"""fata deploy: what it writes is given to the programs that it is for. fata runs under ASan and UBSan."""

import base64
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import time

import pytest

from deploy_rig import ODD_NAME, ODD_WORD, QEMU_BOARDS, emulator, image, must, status_of_get, wait_until, xml_of
from fata import ROOT, USAGE, sanitized

FORMATS = ["qemu", "libvirt", "xl", "systemd", "oci"]


@pytest.fixture(scope="module")
def fata():
    return sanitized()


# --- qemu --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("board", QEMU_BOARDS)
def test_script_boots_the_image_and_ends_with_it(fata, tmp_path, board):
    script, port = tmp_path / "start web.sh", emulator.free_port()
    fata("deploy", "--format=qemu", "-o", script, f"--publish={port}:80", image(board, "web"))
    with subprocess.Popen([script], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/") as child:
        assert wait_until(lambda: status_of_get(port)) == 200
        child.terminate()
        assert child.wait(20) == 0
    assert status_of_get(port) is None


@pytest.mark.parametrize("board", QEMU_BOARDS)
def test_script_hands_arguments_on_and_ends_with_the_status_of_the_image(fata, tmp_path, board):
    script = tmp_path / "hello.sh"
    fata("deploy", "--format=qemu", "-o", script, image(board, "hello"))
    assert "Hello, world" in must(script, stdin=subprocess.DEVNULL)
    done = subprocess.run([script, "-append", "--nonsense"], stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=60, check=False)
    assert done.returncode == 64 and b"--nonsense" in done.stdout


@pytest.mark.parametrize("board", QEMU_BOARDS)
def test_script_says_which_program_is_missing(fata, tmp_path, board):
    script = tmp_path / "hello.sh"
    fata("deploy", "--format=qemu", "-o", script, image(board, "hello"))
    (tmp_path / "bin").mkdir()
    for name in ("sh", "dirname"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name))
    done = subprocess.run(["sh", script], env={"PATH": str(tmp_path / "bin")}, capture_output=True, text=True,
                          timeout=20, check=False)
    assert done.returncode == 127 and "hello.sh needs qemu-system-" in done.stderr


def test_script_and_image_can_move_together(fata, tmp_path):
    shutil.copytree(image("virt-arm", "hello"), tmp_path / "a" / "it's $(an) image")
    folder = tmp_path / "a" / "scripts"
    folder.mkdir()
    fata("deploy", "--format=qemu", "-o", folder / "hello.sh", tmp_path / "a" / "it's $(an) image")
    (tmp_path / "a").rename(tmp_path / "b")
    assert "Hello" in must(tmp_path / "b/scripts/hello.sh", stdin=subprocess.DEVNULL)


def test_default_is_to_publish_the_ports_that_the_image_listens_on(fata):
    out = fata("deploy", "--format=qemu", image("virt-arm", "web")).stdout
    assert "hostfwd=tcp:127.0.0.1:8080-10.0.2.15:80 " in out
    out = fata("deploy", "--format=qemu", "--args=--port=8081", image("virt-arm", "web")).stdout
    assert "hostfwd=tcp:127.0.0.1:8081-10.0.2.15:8081 " in out
    out = fata("deploy", "--format=qemu", "--publish=none", image("virt-arm", "web")).stdout
    assert "hostfwd" not in out and "virtio-net-device" in out


def test_networks_memory_and_kvm_reach_qemu(fata):
    folder = image("microvm", "web")
    out = fata("deploy", "--format=qemu", "--tap=fata7", "--memory=32M", "--kvm", folder).stdout
    assert "tap,id=n0,ifname=fata7,script=no,downscript=no" in out and "-m 32M" in out and "accel kvm" in out
    other = fata("deploy", "--format=qemu", "--bridge=br7", "--name=other", folder).stdout
    assert "bridge,id=n0,br=br7" in other
    mac = re.compile(r"mac=(52:54:00(?::[0-9a-f]{2}){3})")
    assert mac.search(out).group(1) != mac.search(other).group(1)
    out = fata("deploy", "--format=qemu", "--publish=0.0.0.0:5300:53/udp", folder).stdout
    assert "hostfwd=udp:0.0.0.0:5300-10.0.2.15:53" in out


# --- xl ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def xl(tmp_path_factory):
    """xl's dry run, which needs no hypervisor but refuses to begin without one: xen_absent.c stands in."""
    root = ROOT / "build/test/xen"  # installed, it would change the system
    found = root / "root/usr/lib/xen-4.17/bin/xl"
    libraries = next(root.glob("root/usr/lib/*/libxlutil.so.4.17")).parent
    absent = tmp_path_factory.mktemp("xen") / "xen_absent.so"
    must("cc", "-std=gnu17", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", absent,
         ROOT / "tests/config/xen_absent.c")

    def dry_run(path):
        return json.loads(must(found, "create", "-n", path, env={**os.environ, "LD_PRELOAD": str(absent), "LD_LIBRARY_PATH": str(libraries)}))
    return dry_run


def test_xl_reads_what_was_meant(fata, xl, tmp_path):
    folder = tmp_path / """it's "an" image\\"""
    shutil.copytree(image("microvm", "web"), folder)
    path = tmp_path / "web.cfg"
    fata("deploy", "--format=xl", "-o", path, f"--name={ODD_NAME}", "--args=--port=8080", "--memory=32M",
         "--bridge=br7", folder)
    got = xl(path)
    assert got["c_info"]["type"] == "pvh" and got["c_info"]["name"] == ODD_NAME
    info = got["b_info"]
    assert info["kernel"] == str(folder / "web.elf") and info["cmdline"] == "--port=8080"
    assert info["max_memkb"] == info["target_memkb"] == 32 * 1024 and info["max_vcpus"] == 1
    assert [nic["bridge"] for nic in got["nics"]] == ["br7"]
    assert re.fullmatch("52:54:00(:[0-9a-f]{2}){3}", got["nics"][0]["mac"])
    # What is "destroy", libxl leaves out: it is its default.
    assert "on_reboot" not in got and "on_crash" not in got


def test_xl_gets_odd_arguments_as_they_are(fata, xl, tmp_path):
    path = tmp_path / "hello.cfg"
    fata("deploy", "--format=xl", "-o", path, f"--args=--name={ODD_WORD}", image("microvm", "hello"))
    got = xl(path)
    assert got["b_info"]["cmdline"] == f"--name={ODD_WORD}" and "nics" not in got


def test_xl_file_says_what_is_missing_and_the_image_has_xens_note(fata):
    out = fata("deploy", "--format=xl", image("microvm", "web")).stdout
    assert "no drivers for Xen" in out.replace("\n# ", " ") and "netfront" in out
    notes = must("readelf", "-nW", image("microvm", "web") / "web.elf")
    assert re.search(r"Xen .*0x00000012", notes), notes


# --- systemd -----------------------------------------------------------------------------------------


def exec_start(unit):
    """The words of ExecStart=, as systemd.service(5) takes them apart."""
    text = re.search(r"^ExecStart=((?:.*\\\n)*.*)$", unit, re.M).group(1)
    words = []
    for n, quoted in enumerate(re.findall(r'"((?:[^"\\]|\\.)*)"', text.replace("\\\n", " "))):
        word = re.sub(r"\\(.)", r"\1", quoted).replace("%%", "%")
        # Variables of the environment, here all empty, but for the program.
        words.append(re.sub(r"\$(\$)|\$\{\w*\}|\$\w+", r"\1", word) if n else word)
    return words


def verify(path):
    assert must("systemd-analyze", "verify", "--man=no", path) == ""
    # From 0 (nothing is allowed) to 100; a service without hardening has 96.
    must("systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager", path)


@pytest.mark.parametrize("board", QEMU_BOARDS + ["host"])
def test_systemd_takes_the_service_and_it_starts_the_image(fata, tmp_path, board):
    path = tmp_path / "hello.service"
    fata("deploy", "--format=systemd", "-o", path, f"--name={ODD_NAME}", f"--args=--name={ODD_WORD}",
         image(board, "hello"))
    verify(path)
    done = subprocess.run(exec_start(path.read_text()), stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False)
    assert f"Hello, {ODD_WORD}, from" in done.stdout and done.returncode == 0


def test_systemd_does_not_repeat_wrong_arguments(fata):
    for board, status in (("virt-arm", 64), ("microvm", 129), ("host", 64)):
        out = fata("deploy", "--format=systemd", image(board, "hello")).stdout
        assert f"RestartPreventExitStatus={status}\n" in out
        done = subprocess.run([*exec_start(out), *(["-append"] if board != "host" else []), "--nonsense"],
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        assert done.returncode == status


def test_systemd_gives_the_rights_that_are_needed(fata, tmp_path):
    path = tmp_path / "web.service"
    for board, options, wanted in (
            ("virt-arm", ["--publish=0.0.0.0:80:80"], "AmbientCapabilities=CAP_NET_BIND_SERVICE\n"),
            ("virt-arm", [], "CapabilityBoundingSet=\n"),
            ("virt-arm", ["--tap=fata7"], "DeviceAllow=/dev/net/tun rw\n"),
            ("host", ["--tap=fata7"], "MemoryDenyWriteExecute=yes\n"),
            ("microvm", ["--kvm"], "DeviceAllow=/dev/kvm rw\nSupplementaryGroups=kvm\n")):
        fata("deploy", "--format=systemd", "-o", path, *options, image(board, "web"))
        assert wanted in path.read_text()
        verify(path)
    assert exec_start(fata("deploy", "--format=systemd", "--tap=fata7", "--memory=8M",
                           '--args=--log="*:debug"', image("host", "web")).stdout)[1:] == \
        ["--tap=fata7", "--memory=8192k", "--log=*:debug"]


# --- oci ---------------------------------------------------------------------------------------------


class Layout:
    """What an image layout says, each blob held against its digest."""

    def __init__(self, folder):
        self.folder = folder
        self.index = json.loads((folder / "index.json").read_text())
        assert json.loads((folder / "oci-layout").read_text()) == {"imageLayoutVersion": "1.0.0"}
        self.manifest = json.loads(self.blob(self.index["manifests"][0]))
        self.config = json.loads(self.blob(self.manifest["config"]))
        unpacked = gzip.decompress(self.blob(self.manifest["layers"][0]))
        assert self.config["rootfs"]["diff_ids"] == ["sha256:" + hashlib.sha256(unpacked).hexdigest()]
        self.tar = tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:")

    def blob(self, descriptor):
        data = (self.folder / "blobs" / descriptor["digest"].replace(":", "/")).read_bytes()
        assert descriptor["digest"] == "sha256:" + hashlib.sha256(data).hexdigest()
        assert descriptor["size"] == len(data)
        return data

    def file(self, name):
        return self.tar.extractfile(name).read()


@pytest.mark.parametrize("board, arch", [("virt-aarch64", "arm64"), ("virt-arm", "arm"), ("microvm", "amd64")])
def test_skopeo_reads_and_copies_the_layout(fata, tmp_path, board, arch):
    made, copied = tmp_path / "made", tmp_path / "copied"
    fata("deploy", "--format=oci", "-o", made, image(board, "web"))
    got = json.loads(must("skopeo", "inspect", f"oci:{made}:latest"))
    assert (got["Architecture"], got["Os"]) == (arch, "linux")
    must("skopeo", "copy", f"oci:{made}:latest", f"oci:{copied}:v1")
    assert Layout(copied).manifest["layers"] == Layout(made).manifest["layers"]
    must("skopeo", "copy", f"oci:{made}:latest", f"docker-archive:{tmp_path}/web.tar:web:v1")


def test_layer_holds_the_image_and_nothing_of_the_machine_that_made_it(fata, tmp_path):
    folder = image("virt-aarch64", "web")
    fata("deploy", "--format=oci", "-o", tmp_path / "oci", folder)
    layout = Layout(tmp_path / "oci")
    assert layout.tar.getnames() == ["unikernel", "unikernel/kernel", "unikernel/manifest.json", "urunc.json"]
    assert layout.file("unikernel/kernel") == (folder / "web.img").read_bytes()
    assert json.loads(layout.file("unikernel/manifest.json")) == json.loads((folder / "manifest.json").read_text())
    for entry in layout.tar.getmembers():
        assert (entry.mtime, entry.uid, entry.gid, entry.uname, entry.gname) == (0, 0, 0, "", "")
        assert entry.mode == (0o755 if entry.isdir() else 0o644)
    assert layout.config["config"]["ExposedPorts"] == {"80/tcp": {}}


def test_urunc_finds_its_settings_in_three_places(fata, tmp_path):
    fata("deploy", "--format=oci", "-o", tmp_path / "oci", f"--name={ODD_NAME}", f"--args=--name={ODD_WORD}",
         image("virt-aarch64", "hello"))
    layout = Layout(tmp_path / "oci")
    settings = layout.config["config"]["Labels"]
    short = {key.removeprefix("com.urunc.unikernel."): value for key, value in settings.items()}
    assert (short["unikernelType"], short["hypervisor"]) == ("mirage", "qemu")
    assert short["binary"] == "/unikernel/kernel" and short["cmdline"] == f"--name={ODD_WORD}"
    encoded = json.loads(layout.file("urunc.json"))
    assert {key: base64.b64decode(value).decode() for key, value in encoded.items()} == settings
    assert layout.manifest["annotations"] == {"org.opencontainers.image.title": ODD_NAME, **settings}
    assert layout.config["config"]["Cmd"] == [f"--name={ODD_WORD}"]


@pytest.mark.parametrize("args, greeted", [("", "world"), ('--name="two words"', "two words")])
def test_image_starts_as_urunc_starts_it(fata, tmp_path, args, greeted):
    """Its QEMU command on a 64-bit Arm host, but emulated: machine, no -nodefaults, the words joined."""
    fata("deploy", "--format=oci", "-o", tmp_path / "oci", f"--args={args}", image("virt-aarch64", "hello"))
    layout = Layout(tmp_path / "oci")
    (tmp_path / "kernel").write_bytes(layout.file("unikernel/kernel"))
    out = must("qemu-system-aarch64", "-m", "256M", "-cpu", "cortex-a72", "-display", "none", "-vga", "none",
               "-monitor", "null", "-serial", "stdio", "-M", "virt", "-kernel", tmp_path / "kernel", "-nic", "none",
               "-append", "  " + " ".join(layout.config["config"]["Cmd"]), stdin=subprocess.DEVNULL)
    assert f"Hello, {greeted}, from" in out


def test_boards_that_urunc_cannot_start_carry_none_of_its_settings(fata, tmp_path):
    fata("deploy", "--format=oci", "-o", tmp_path / "oci", image("microvm", "hello"))
    layout = Layout(tmp_path / "oci")
    assert "urunc.json" not in layout.tar.getnames() and "Labels" not in layout.config["config"]


def test_folder_with_something_in_it_stays_as_it_is(fata, tmp_path):
    (tmp_path / "oci").mkdir()
    fata("deploy", "--format=oci", "-o", tmp_path / "oci", image("virt-arm", "hello"))
    before = sorted(tmp_path.rglob("*"))
    done = fata("deploy", "--format=oci", "-o", tmp_path / "oci", image("virt-arm", "hello"), status=1)
    assert "is not empty" in done.stderr and sorted(tmp_path.rglob("*")) == before


# --- all formats -------------------------------------------------------------------------------------


def content(path):
    if path.is_file():
        return path.read_bytes()
    return {file.relative_to(path): file.read_bytes() for file in path.rglob("*") if file.is_file()}


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_same_input_gives_the_same_bytes(fata, tmp_path, format_name):
    results = []
    for n, zone in enumerate(("UTC", "Asia/Tokyo")):
        (tmp_path / str(n)).mkdir()
        fata("deploy", f"--format={format_name}", "-o", tmp_path / str(n) / "out", "--name=x",
             image("microvm", "web"), env={"TZ": zone, "LC_ALL": "C"})
        results.append(content(tmp_path / str(n) / "out"))
        time.sleep(1.1)
    assert results[0] and results[0] == results[1]


@pytest.mark.parametrize("words, said", [
    ([], "--format=FORMAT is missing"),
    (["--format=docker"], "The formats are: qemu, libvirt, xl, systemd, oci"),
    (["--format=libvrit"], "did you mean 'libvirt'?"),
    (["--format=oci"], "give it by -o OUT"),
    (["--format=qemu", "--memory=lots"], "--memory=lots: expected a size such as 64M"),
    (["--format=qemu", "--memory=99999999999999999999G"], "expected a size"),
    (["--format=qemu", "--publish=80"], "expected [ADDRESS:]HOSTPORT:GUESTPORT"),
    (["--format=qemu", "--publish=1.2.3:80:80"], "expected [ADDRESS:]HOSTPORT:GUESTPORT"),
    (["--format=qemu", "--publish=65536:80"], "expected [ADDRESS:]HOSTPORT:GUESTPORT"),
    (["--format=qemu", "--publish=80:80,x=y"], "expected [ADDRESS:]HOSTPORT:GUESTPORT"),
    (["--format=qemu", "--tap=a,script=/bin/sh"], "expected the name of an interface"),
    (["--format=qemu", "--tap=sixteen-letters!"], "expected the name of an interface"),
    (["--format=qemu", "--bridge="], "expected the name of an interface"),
    (["--format=qemu", "--args=--prot=80"], "--prot: unknown argument"),
    (["--format=qemu", "--args=--port=0"], "--port=0: expected"),
    (["--format=qemu", "--args=--port=8\n0"], "control characters"),
    (["--format=qemu", "--frobnicate"], "--frobnicate: unknown option"),
    (["--format=qemu", "another"], "there can be one image only"),
])
def test_wrong_words_are_named_with_what_is_right(fata, words, said):
    done = fata("deploy", *words, image("virt-arm", "web"), status=USAGE)
    assert said in done.stderr and done.stdout == ""


@pytest.mark.parametrize("board, app, words, said", [
    ("host", "web", ["--format=qemu"], "needs no QEMU; systemd fits"),
    ("host", "web", ["--format=libvirt"], "systemd fits"),
    ("host", "web", ["--format=systemd"], "give --tap=IFACE"),
    ("host", "hello", ["--format=systemd", "--kvm"], "--kvm: "),
    ("virt-arm", "web", ["--format=xl"], "qemu, libvirt, systemd and oci fit"),
    ("virt-arm", "web", ["--format=qemu", "--kvm"], "of no use to board virt-arm"),
    ("microvm", "web", ["--format=xl", "--tap=fata7"], "use --bridge=BR"),
    ("microvm", "web", ["--format=systemd", "--bridge=br7"], "give --tap=IFACE"),
    ("microvm", "web", ["--format=oci", "-o", "x", "--tap=fata7"], "the container runtime decides"),
    ("virt-arm", "web", ["--format=qemu", "--tap=a", "--tap=b"], "another number of network interfaces"),
    ("virt-arm", "web", ["--format=qemu", "--tap=a", "--publish=80:80"], "for user networking"),
    ("virt-arm", "hello", ["--format=qemu", "--tap=a"], "no network interface"),
    ("virt-arm", "web", ["--format=qemu", "--memory=64K"], "of memory and would have 64"),
    ("virt-arm", "web", ["--format=qemu", "--name=a/b"], "cannot be the name"),
    ("virt-arm", "web", ["--format=qemu", "--name="], "cannot be the name"),
    ("virt-arm", "web", ["--format=qemu", "--name=a\033[2J"], "control characters"),
])
def test_what_does_not_go_together_is_refused_with_what_does(fata, tmp_path, board, app, words, said):
    done = fata("deploy", *words, image(board, app), status=1, cwd=tmp_path)
    assert said in done.stderr and done.stdout == "" and list(tmp_path.iterdir()) == []


def test_images_that_are_missing_or_none(fata, tmp_path):
    assert "No such file" in fata("deploy", "--format=qemu", tmp_path / "web.elf", status=1).stderr
    shutil.copy("/bin/true", tmp_path / "web.elf")
    assert "manifest" in fata("deploy", "--format=qemu", tmp_path / "web.elf", status=1).stderr
    shutil.copy(image("virt-arm", "web") / "manifest.json", tmp_path)
    assert "web.img" in fata("deploy", "--format=qemu", tmp_path / "manifest.json", status=1).stderr


def test_output_that_cannot_be_written(fata, tmp_path):
    folder = image("virt-arm", "web")
    for out, said in ((tmp_path / "none/web.sh", "none: No such file"), (tmp_path, "directory"),
                      ("/dev/full", "No space left")):
        assert said in fata("deploy", "--format=qemu", "-o", out, folder, status=1).stderr
    with open("/dev/full", "wb") as full:
        done = subprocess.run([fata.program, "deploy", "--format=qemu", folder], stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=20, check=False)
    assert done.returncode == 1 and "No space left" in done.stderr
    (tmp_path / "file").touch()
    for out in (tmp_path / "file", "/proc/none"):
        fata("deploy", "--format=oci", "-o", out, folder, status=1)


@pytest.mark.parametrize("name", ["hello.elf", "hello.img", "manifest.json"])
def test_image_is_not_overwritten(fata, tmp_path, name):
    shutil.copytree(image("virt-arm", "hello"), tmp_path / "hello")
    before = content(tmp_path / "hello")
    done = fata("deploy", "--format=qemu", "-o", tmp_path / "hello" / name, tmp_path / "hello", status=1)
    assert "is part of the image" in done.stderr and content(tmp_path / "hello") == before


def change(folder, **changes):
    """Rewrites the manifest beside a copy of an image."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    machine = {**manifest["machine"], **changes.get("machine", {})}
    path.write_text(json.dumps({**manifest, **changes, "machine": machine}))


def test_odd_manifests_make_no_odd_files(fata, tmp_path):
    shutil.copytree(image("virt-arm", "hello"), tmp_path / "hello")
    path = tmp_path / "hello/manifest.json"
    original = path.read_text()
    for changes, said in (({"name": "../hello"}, "names a file of another folder"),
                          ({"name": "a\nb"}, "control characters"),
                          ({"machine": {"kernel": "/../../x"}}, "another folder"),
                          ({"machine": {"memory": "much"}}, "give --memory=SIZE"),
                          ({"ram_bytes": 1 << 60}, "KiB of memory"),
                          ({"netifs": 1 << 60}, "more network interfaces")):
        path.write_text(original)
        change(tmp_path / "hello", **changes)
        named = ["--name=x"] if changes.get("name") != "a\nb" else []
        assert said in fata("deploy", "--format=qemu", *named, path, status=1).stderr
    path.write_text(original)
    change(tmp_path / "hello", machine={"qemu": "qemu-system-arm;id", "machine": "-machine virt -cpu `id`,<&>'"})
    out = fata("deploy", "--format=qemu", path).stdout
    assert "qemu='qemu-system-arm;id'\n" in out and "'`id`,<&>'\\''' " in out
    domain = xml_of(fata("deploy", "--format=libvirt", path).stdout)
    assert domain.findtext("cpu/model") == "`id`" and domain.find("os/type").get("arch") == "arm;id"

