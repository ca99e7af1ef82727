# SPDX-License-Identifier: ISC
"""What the .cfg.h files count for an entry of a pool is what the structures take."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]

#: Constants of a .cfg.h, and the types whose sizes they are on 32-bit ARM, or another expression.
COUNTED = {
    "net/tcp/tcp.cfg.h": {
        "TCP_CONNECTION_BYTES": "struct tcp_conn",
        "TCP_PLAIN_CONNECTION_BYTES": "char[offsetof(struct tcp_conn, cc.acked) + 4]",
        "TCP_TIMESTAMP_BYTES": "struct tcp_ts",
        "TCP_LISTENER_BYTES": "struct tcp_listener",
        "TCP_HALF_OPEN_BYTES": "struct tcp_half_open",
        "TCP_TIME_WAIT_BYTES": "struct tcp_time_wait",
        "TCP_SLICE_BYTES": "struct tcp_slice",
        "TCP_REPAIR_BYTES": "struct tcp_gap",
        "TCP_PLACE_BYTES": "struct tcp_endpoint *",
    },
    "net/http/http.cfg.h": {
        "HTTP_SERVER_BYTES": "struct http",
        "HTTP_CONNECTION_BYTES": "struct http_conn",
    },
}
PROGRAM = '#include "net/http/http_internal.h"\n#include "net/tcp/tcp_internal.h"\n'
ARM = ["arm-none-eabi-gcc", "-mcpu=cortex-a15", "-I.", "-Iarch/include", "-Iarch/armv7a/include"]


def is_so(flags, condition):
    program = f'{PROGRAM}_Static_assert({condition}, "not so");\n'
    done = subprocess.run([*flags, "-std=gnu17", "-fsyntax-only", "-xc", "-"], input=program, text=True,
                          cwd=ROOT, capture_output=True, timeout=60)
    assert done.returncode == 0 or "not so" in done.stderr, done.stderr
    return done.returncode == 0


@pytest.mark.parametrize("header", COUNTED)
def test_what_is_counted_is_what_is_taken(header):
    text = (ROOT / header).read_text()
    for constant, type_name in COUNTED[header].items():
        value = int(re.search(rf"\b{constant} = (\d+)", text)[1])
        assert is_so(ARM, f"sizeof({type_name}) >= {value}"), constant
        assert is_so(ARM, f"sizeof({type_name}) <= {value} + {value} / 8"), constant


def test_connection_at_rest_takes_less_than_half_a_kib_and_an_idle_one_of_http_less_than_one():
    """On 64 bits; the second with its places in the table of endpoints and in the heap of timers."""
    places = "2 * sizeof(void *)"
    assert is_so(["gcc", "-I.", "-Iarch/include", "-Iarch/host/include"],
                 f"sizeof(struct tcp_conn) < 512 && "
                 f"sizeof(struct tcp_conn) + {places} + sizeof(struct http_conn) < 1024")
