# SPDX-License-Identifier: ISC
"""What the configuration compiler says about wrong configurations, word by word.

Each folder of faults/ has a config.c, the text that is expected on the standard error, and, if it is
not --board=alpha alone, the arguments in `args`, one a line. A folder tree-NAME uses the tree's
modules, the others those of tests/config/modules.
"""

import pathlib

import pytest

FAULTS = pathlib.Path(__file__).resolve().parent / "faults"


def arguments(case):
    file = case / "args"
    return file.read_text().splitlines() if file.exists() else ["--board=alpha"]


@pytest.mark.parametrize("name", sorted(p.name for p in FAULTS.iterdir()))
def test_fault(name, request):
    case = FAULTS / name
    config = request.getfixturevalue("tree_config" if name.startswith("tree-") else "config")
    compiled = config.compile(case / "config.c")
    assert (compiled.returncode, compiled.stderr) == (0, "")
    done = config.run("--out=" + str(config.folder / "out"), f"--app-dir={case}", *arguments(case))
    assert done.stderr == (case / "expected.txt").read_text()
    assert done.stdout == ""
    assert done.returncode == 1
    assert not (config.folder / "out").exists()
