# SPDX-License-Identifier: ISC
"""Building and calling `fata` in tests."""

import contextlib
import functools
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
USAGE = 64


class Fata:
    """A program `fata`, to be called like a function."""

    def __init__(self, program, **env):
        self.program = pathlib.Path(program)
        self.env = env

    def __call__(self, *words, status=0, env=None, timeout=120, stdin="", **options):
        """Runs it; the exit status must be `status` unless that is None. It must not fail by itself."""
        done = subprocess.run([self.program, *map(str, words)], input=stdin, text=True, errors="replace",
                              capture_output=True, timeout=timeout, check=False,
                              env={**os.environ, **self.env, **(env or {})}, **options)
        said = f"fata {' '.join(map(str, words))}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Sanitizer" not in done.stderr and "runtime error" not in done.stderr, said
        assert done.returncode >= 0 and "Traceback" not in done.stderr, said
        if status is not None:
            assert done.returncode == status, said
        return done


@contextlib.contextmanager
def folder_for_all():
    """A temporary folder that every user may read, unlike those of pytest."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield pathlib.Path(name)


def as_nobody(*command, env=None, **options):
    """Runs a command as a user without rights, which takes root."""
    return subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *map(str, command)],
                          capture_output=True, text=True, check=False, env={**os.environ, **(env or {})}, **options)


def make(*words):
    done = subprocess.run(["make", "-C", ROOT, "SETUP=0", *words], capture_output=True, text=True, timeout=600,
                          check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@functools.cache
def built():
    """The program as people get it, in the tree."""
    return Fata(ROOT / "build/tools/fata", SETUP="0", FATA_ROOT="")


@functools.cache
def sanitized():
    """The same under ASan and UBSan. It runs for a moment and ends: what it holds then is no leak."""
    return Fata(ROOT / "build/fata-sanitize/tools/fata", SETUP="0", FATA_ROOT=str(ROOT), ASAN_OPTIONS="detect_leaks=0")
