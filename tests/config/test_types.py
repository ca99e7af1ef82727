# SPDX-License-Identifier: ISC
"""What the C compiler says about handles that do not fit, with the flags that make gives it."""

import re

import pytest

CONFIG = """#include <fata/config.h>

void configure(void)
{{
	netif_t net = port(NULL, 0);
	{statement}
	unikernel("app", job("app_start", net));
}}
"""


def compile_statement(config, statement):
    source = config.folder / "config.c"
    source.write_text(CONFIG.format(statement=statement))
    done = config.compile(source)
    assert done.returncode != 0
    return done.stderr


def test_a_handle_of_another_type_names_both_types(config):
    said = compile_statement(config, "tcp_t tcp = transport_over(net);")
    assert re.search(r"config\.c:6:\d+: error: incompatible type for argument 1", said)
    assert re.search(r"expected ‘ip_t’ .*but argument is of type ‘netif_t’", said)
    assert "macros.h" not in said  # how the language is made is nobody's business


@pytest.mark.parametrize("statement", [
    "kv_rw_t writable = store(NULL, NULL);",  # a store to read is none to write
    "clock_t none = net;",
    "key port = net;",
    "ip_t ip = choose(is_host(), layer_over(net), net);",
    "with_stack(net, 4096);",
    'key_is_on(net);',
    'device("own", kv, sources(), "own_connect", uses(), keys(net));',
    'job("app_start", 80);',
    'kv_t own = device("own", netif, sources(), "own_connect", uses(), keys());',
    "read_only(store(NULL, NULL));",
])
def test_what_does_not_fit_does_not_compile(config, statement):
    said = compile_statement(config, statement)
    errors = [line for line in said.splitlines() if ": error: " in line]
    assert len(errors) == 1
    assert re.search(r"config\.c:6:\d+: error: ", errors[0])


def test_names_of_c_that_the_language_takes(config):
    config.write("""#include <fata/config.h>
#include <time.h>

void configure(void)
{
	clock_t clock = {NULL};
	timer_t timer = {NULL};
	stack_t stack = {NULL};
	job_t job = job("app_start");

	(void)clock, (void)timer, (void)stack;
	unikernel("app", job);
}
""")
    assert config.json("--board=alpha")["jobs"] == [
        {"function": "app_start", "arguments": [], "stack_bytes": 0}]


def test_a_variable_may_be_called_like_its_signature(tree_config):
    tree_config.write("""#include <fata/config.h>

void configure(void)
{
	netif_t netif = netif("lan");
	eth_t eth = ethernet_over(netif);
	arp_t arp = arp_over(eth);
	key key = key_u16("port", 80, "a port");

	unikernel("app", job("app_start", arp, key));
}
""")
    assert tree_config.json("--board=virt-arm")["netifs"] == 1


def test_what_stands_in_front_of_an_interface_is_none_of_the_board(tree_config):
    tree_config.write("""#include <fata/config.h>

void configure(void)
{
	capture_t capture = capture_over(default_netif());
	eth_t eth = ethernet_over(captured(capture));

	unikernel("app", job("app_start", eth, capture));
}
""")
    assert tree_config.json("--board=virt-arm")["netifs"] == 1


def test_headers_may_come_in_any_order(config):
    """An application's own module first, or one of those that the language has anyway."""
    config.write("""#include "tests/config/modules/parts.cfg.h"
#include <fata/module.h>
#include <fata/config.h>

void configure(void)
{
	unikernel("app", job("app_start", layer_over(port(NULL, 0))));
}
""")
    assert config.run("--board=alpha", "--print=tree").returncode == 0
