#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Writes compile_commands.json for one image: `make compile_commands.json` calls it.

    tools/compile_commands.py OUTPUT COMPILER-WITH-FLAGS SOURCE...
"""

import json
import os
import pathlib
import sys


def main():
    output, command, *sources = sys.argv[1:]
    entries = [{"directory": os.getcwd(), "file": s, "command": f"{command} -c {s}"} for s in sources]
    pathlib.Path(output).write_text(json.dumps(entries, indent=1) + "\n")


if __name__ == "__main__":
    main()
