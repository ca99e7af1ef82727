#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes compile_commands.json for one image: `make compile_commands.json` calls it.

The folders in which the compiler itself looks for the C library's headers are spelt out, since clangd
knows those of its own machine only.

    tools/compile_commands.py OUTPUT COMPILER-WITH-FLAGS SOURCE...
"""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys


def library_includes(command):
    """-isystem for the folders that the compiler searches unasked, but for the compiler's own headers."""
    said = subprocess.run([*shlex.split(command), "-E", "-v", "-x", "c", "/dev/null"],
                          capture_output=True, text=True, check=True).stderr
    searched = re.search(r"^#include <\.\.\.>.*\n((?: .*\n)*)", said, re.M).group(1).split()
    named = {os.path.abspath(w) for w in re.split(r"[ ]|-I", command)}
    folders = [f for f in map(os.path.abspath, searched) if "/gcc" not in f and f not in named]
    return "".join(f" -isystem {f}" for f in folders)


def main():
    output, command, *sources = sys.argv[1:]
    command += library_includes(command)
    entries = [{"directory": os.getcwd(), "file": s, "command": f"{command} -c {s}"} for s in sources]
    pathlib.Path(output).write_text(json.dumps(entries, indent=1) + "\n")


if __name__ == "__main__":
    main()
