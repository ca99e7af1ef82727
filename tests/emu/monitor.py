# SPDX-License-Identifier: ISC
"""QEMU's monitor: what a person would do to the machine, and what its registers hold."""

import json
import re
import socket
import time

TIMEOUT_S = 30


class Monitor:
    """By JSON over a socket at `path`, for a Guest that is started with `options` as its extra ones."""

    def __init__(self, path):
        self.path = str(path)
        self.options = ["-qmp", f"unix:{path},server=on,wait=off"]
        self.lines = None

    def connect(self):
        """The socket is there a moment after the emulator has begun."""
        deadline = time.monotonic() + TIMEOUT_S
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.settimeout(TIMEOUT_S)
            try:
                self.socket.connect(self.path)
                break
            except (FileNotFoundError, ConnectionRefusedError):
                self.socket.close()
                assert time.monotonic() < deadline, "the emulator has no monitor"
                time.sleep(0.02)
        self.lines = self.socket.makefile("rw")
        self.lines.readline()
        self.run("qmp_capabilities")

    def run(self, command, **arguments):
        if self.lines is None:
            self.connect()
        self.lines.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self.lines.flush()
        for line in self.lines:
            answer = json.loads(line)
            if "return" in answer or "error" in answer:
                return answer
        raise AssertionError("the emulator has ended")

    def word(self, address):
        """The word of 32 bits at a physical address."""
        said = self.run("human-monitor-command", **{"command-line": f"xp /1xw {address:#x}"})["return"]
        return int(re.search(r": (0x[0-9a-f]+)", said).group(1), 16)
