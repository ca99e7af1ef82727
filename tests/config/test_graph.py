# SPDX-License-Identifier: ISC
"""What configure() builds: names, order of start, what is left out, choices, keys."""

import pytest

HEAD = "#include <fata/config.h>\n\n"


def configure(body, before=""):
    return f"{HEAD}{before}\nvoid configure(void)\n{{\n{body}\n}}\n"


def names(manifest):
    return [d["name"] for d in manifest["devices"]]


def device(manifest, name):
    return next(d for d in manifest["devices"] if d["name"] == name)


STACK = 'tcp_t tcp = transport_over(layer_over(port(NULL, 0)));\nunikernel("app", job("app_start", tcp));'


def test_devices_start_in_the_order_of_the_configuration(config):
    found = config.write(configure(STACK)).json("--board=alpha")
    assert names(found) == ["loop", "net0", "ipv4-0", "ping0", "tcp0"]


def test_what_is_used_starts_first(config):
    config.write(configure("""
        ip_t ip = layer_over(port(NULL, 0));
        kv_t pages = store("pages", NULL);
        kv_t log = store("logger", NULL);
        start_after(ip, log);
        unikernel("app", job("app_start", ip, pages));"""))
    assert names(config.json("--board=alpha")) == ["loop", "net0", "logger", "ipv4-0", "ping0", "pages"]


def test_start_after_brings_the_other_into_the_image(config):
    config.write(configure("""
        kv_t log = store("logger", NULL);
        job_t job = job("app_start");
        start_after(job, log);
        unikernel("app", job);"""))
    found = config.json("--board=alpha")
    assert names(found) == ["logger"]
    assert found["jobs"] == [{"function": "app_start", "arguments": [], "stack_bytes": 0}]


def test_order_is_the_same_each_time(config):
    config.write(configure("""
        kv_t all[20];
        for (int i = 0; i < 20; i++)
                all[i] = store(NULL, NULL);
        for (int i = 0; i < 19; i++)
                start_after(all[i], all[i + 1]);
        unikernel("app", job("app_start", all[0], all[19], all[7]));"""))
    found = config.json("--board=alpha")
    assert names(found) == [f"store{i}" for i in range(19, -1, -1)]
    assert config.json("--board=alpha") == found


def test_unused_devices_and_keys_are_left_out(config):
    config.write(configure(f"""
        key size = key_size("size", "64k", "size of nothing");
        kv_t own = device("own", kv, sources(), "own_connect", uses(), keys(size));
        (void)own;
        wall_clock();
        transport_over(layer_over(port("lan", 1)));
        {STACK}"""))
    found = config.json("--board=alpha")
    assert names(found) == ["loop", "net0", "ipv4-0", "ping0", "tcp0"]
    assert [k["name"] for k in found["keys"]] == ["address"]
    assert found["modules"] == ["test/layer", "test/loop", "test/net", "test/tcp"]


def test_a_single_device_is_one(config):
    config.write(configure("""
        ip_t one = layer_over(port("wan", 0)), other = layer_over(port("lan", 1));
        unikernel("app", job("app_start", one, other, wall_clock(), wall_clock()));"""))
    found = config.json("--board=beta")
    assert names(found).count("loop") == names(found).count("clock") == 1
    assert found["jobs"][0]["arguments"] == ["wan-ipv4", "lan-ipv4", "clock", "clock"]


def test_what_was_built_over_a_device_is_found(config):
    config.write(configure("""
        ip_t ip = layer_over(port(NULL, 0));
        ip_t other = layer_over(port(NULL, 1));
        tcp_t tcp = transport_over(ip);
        (void)transport_over(ip);
        tcp_t found = {fata_above(ip.node, "tcp")};
        bool is_it = found.node == tcp.node && fata_above(other.node, "tcp") == NULL &&
                     fata_above(ip.node, "udp") == NULL;
        unikernel("app", job(is_it ? "app_start" : "wrong", found));"""))
    (job,) = config.json("--board=beta")["jobs"]
    assert (job["function"], job["arguments"]) == ("app_start", ["tcp0"])


def test_a_single_device_is_no_key_and_no_device_that_a_person_named(config):
    config.write(configure("""
        key key = key_bool("clock", true, "a key of the same name");
        unikernel("app", job("app_start", key, wall_clock()));"""))
    assert names(config.json("--board=beta")) == ["clock"]
    config.write(configure("""
        kv_t kv = store("clock", NULL);
        unikernel("app", job("app_start", kv, wall_clock()));"""))
    assert config.faults("--board=beta") == [
        'config.c:8: there are two devices "clock", this and that of config.c:7; give one another name']


def test_to_start_after_a_device_is_not_to_use_it(config):
    config.write(configure("""
        netif_t net = port(NULL, 0);
        kv_t log = store("logger", NULL);
        start_after(log, net);
        unikernel("app", job("app_start", log, layer_over(net)));"""))
    found = config.json("--board=alpha")
    assert names(found) == ["loop", "net0", "logger", "ipv4-0", "ping0"]
    assert device(found, "logger")["uses"] == []


def test_interfaces_with_names_give_them_to_what_is_built_on_them(config):
    config.write(configure("""
        tcp_t wan = transport_over(layer_over(port("wan", 0)));
        tcp_t lan = transport_over(layer_over(port("lan", 1)));
        tcp_t other = transport_over(layer_over(port(NULL, 2)));
        unikernel("app", job("app_start", wan, lan, other));"""))
    found = config.json("--board=beta")
    assert [n for n in names(found) if "tcp" in n] == ["wan-tcp", "lan-tcp", "tcp0"]
    assert [k["name"] for k in found["keys"]] == ["wan-address", "lan-address", "address"]
    assert "ping0" in names(found) and "lan-ping" in names(found)


def test_names_in_c_are_nobody_elses(config):
    config.write(configure("""
        kv_t a = store("int", NULL), b = store("int-0", NULL), c = store("index", NULL);
        key if_ = key_bool("if", true, "a switch with a name of C's");
        unikernel("app", job("app_start", a, b, c, wall_clock(), if_));"""))
    out = config.folder / "out"
    out.mkdir()
    done = config.run("--board=beta", f"--out={out}")
    assert (done.returncode, done.stderr) == (0, "")
    header = " ".join((out / "unikernel.h").read_text().split())
    assert ("int app_start(struct kv *int_0, struct kv *int_0_, struct kv *index0, "
            "struct clock *clock0, bool if_);") in header


def test_a_place_is_that_of_the_innermost_call(config):
    config.write(configure("""	netif_t net = port(NULL,
			   0);
	unikernel("app", job("app_start", upper(net), wall_clock()));""", """static tcp_t upper(netif_t net)
{
	ip_t ip = layer_over(net);

	return transport_over(ip);
}
"""))
    found = config.json("--board=beta")
    assert {d["name"]: d["where"] for d in found["devices"]} == {
        "loop": "config.c:12", "net0": "config.c:12", "ipv4-0": "config.c:5", "ping0": "config.c:5",
        "tcp0": "config.c:7", "clock": "config.c:14"}


def test_faults_are_told_in_the_order_of_lines(config):
    config.write(configure("""
	unikernel("app", job("app_start", part(), wall_clock()));
	key_bool("B", true, "b");
	key_bool("A", true, "a");
	key_bool("A", true, "a"), key_bool("", false, "");""", """static kv_t part(void)
{
	return store("part", "large");
}
"""))
    lines = [line.split(": ")[0] for line in config.faults("--board=alpha")]
    assert lines == [f"config.c:{n}" for n in (5, 11, 12, 13, 14, 14, 14)]


NETIFS = """
        netif_t a = netif("a"), b = netif("b"), c = netif("c");
        (void)a, (void)b, (void)c;
        unikernel("app", job("app_start", static_ipv4({}), static_ipv4({})));"""


@pytest.mark.parametrize("used", ["bc", "ca"])
def test_interfaces_that_the_image_does_not_need_take_no_number(tree_config, used):
    tree_config.write(configure(NETIFS.format(*used)))
    found = tree_config.json("--board=virt-arm")
    out = tree_config.folder / "out"
    assert tree_config.run("--board=virt-arm", f"--out={out}").returncode == 0
    for index, name in enumerate(sorted(used)):
        assert device(found, name)["about"] == f"network interface {index} of the board"
        assert f"{name}0 = board_netif({index}, &{name}_rx0);" in (out / "main.c").read_text()


@pytest.mark.parametrize("board", ["virt-aarch64", "virt-arm", "microvm", "q35"])
def test_a_board_says_how_many_interfaces_its_code_has_room_for(tree_config, board):
    tree_config.write(configure("""
        unikernel("app", job("app_start", static_ipv4(netif("a")), static_ipv4(netif("b")),
                             static_ipv4(netif("c"))));"""))
    faults = tree_config.faults(f"--board={board}")
    assert len(faults) == 1 and "has two network interfaces" in faults[0]


def test_keys_and_devices_of_the_tree_share_no_names(tree_config):
    tree_config.write(configure("""
        key port = key_u16("port", 80, "port to serve on");
        ip_t lan = static_ipv4(netif("lan")), ip = static_ipv4(default_netif());
        http_t http = http_over(tcp_over(ip), port);
        unikernel("app", job("app_start", http, udp_over(lan)));"""))
    found = tree_config.json("--board=virt-arm")
    assert {"ip0", "lan-ip"} <= set(names(found))
    assert {"ipv4", "lan-ipv4"} <= {k["name"] for k in found["keys"]}
    assert not set(names(found)) & {k["name"] for k in found["keys"]}


def test_choose_by_board_and_architecture(config):
    config.write(configure("""
        kv_t a = choose(is_board("alpha"), store("for-alpha", NULL), store("for-others", NULL));
        kv_t b = choose(is_arch("large"), store("for-large", NULL), store("for-small", NULL));
        unikernel("app", job("app_start", a, b));"""))
    assert names(config.json("--board=alpha")) == ["for-alpha", "for-small"]
    assert names(config.json("--board=gamma")) == ["for-others", "for-large"]


CHOICE = """
        key fast = key_bool("fast", false, "whether to be fast", .stage = BUILD_TIME);
        key mode = key_enum("mode", "slow", "slow|fast", "how to be", .stage = BUILD_TIME);
        key time = key_duration("time", "10ms", "time to take", .stage = BUILD_TIME);
        key level = key_int("level", -3, "level", .min = -9, .max = 9, .stage = BUILD_TIME);
        const char *a = key_is_on(fast) ? "on" : "off", *b = key_is(mode, "slow") ? "slow" : "fast";
        const char *c = key_is(time, "10000us") ? "ten" : "other";
        kv_t kv = store(fata_text("%s-%s-%s-%lld", a, b, c, key_number(level) + 10), NULL);
        unikernel("app", job("app_start", kv));"""


@pytest.mark.parametrize("settings, name", [
    ([], "off-slow-ten-7"),
    (["--fast", "--mode=fast", "--level=9"], "on-fast-ten-19"),
    (["--fast", "--no-fast", "--time=1s", "--level=-9"], "off-slow-other-1"),
])
def test_choose_by_a_key(config, settings, name):
    found = config.write(configure(CHOICE)).json("--board=alpha", "--", *settings)
    assert names(found) == [name]
    assert [(k["name"], k["stage"]) for k in found["keys"]] == [
        ("fast", "build"), ("mode", "build"), ("time", "build"), ("level", "build")]


def test_settings_change_initial_values(config):
    config.write(configure("""
        key port = key_u16("port", 80, "port to serve on", .min = 1);
        key dns = key_list("dns", "ipv4", 2, "", "name servers");
        key name = key_string("name", "a \\"b\\"", "what to be called");
        unikernel("app", job("app_start", port, dns, name));"""))
    def values(*settings):
        return {k["name"]: k["value"] for k in config.json("--board=alpha", "--", *settings)["keys"]}
    assert values() == {"port": "80", "dns": "", "name": 'a "b"'}
    assert values("--port=1", "--port=8080", "--dns=1.1.1.1,9.9.9.9", "--name=") == {
        "port": "8080", "dns": "1.1.1.1,9.9.9.9", "name": ""}


def test_a_setting_is_for_the_key_that_the_image_has(config):
    config.write(configure("""
        key one = key_u16("port", 80, "port of one"), other = key_u16("port", 81, "port of the other");
        unikernel("app", job("app_start", choose(is_board("alpha"), one, other)));"""))
    for board in ("alpha", "beta"):
        found = config.json(f"--board={board}", "--", "--port=8080")
        assert [k["value"] for k in found["keys"]] == ["8080"]


def test_a_minimum_alone_leaves_the_maximum_to_the_type(config):
    config.write(configure("""
        key port = key_u16("port", 65535, "port to serve on", .min = 1);
        unikernel("app", job("app_start", port));"""))
    found = config.json("--board=alpha")["keys"][0]
    assert (found["min"], found["max"]) == (1, 65535)


def test_a_device_of_the_application(config):
    config.write(configure("""
        key start = key_u32("start", 7, "first value");
        kv_t own = device("counter", kv, sources(), "counter_connect", uses(wall_clock()),
                          keys(start), .stop = "counter_stop", .modules = "test/store",
                          .ram_bytes = 64);
        unikernel("app", job("app_start", own), job("app_start", own));"""))
    found = config.json("--board=beta")
    assert names(found) == ["clock", "counter"]
    assert device(found, "counter")["ram_bytes"] == 64
    assert "test/store" in found["modules"]
    out = config.folder / "out"
    out.mkdir()
    assert config.run("--board=beta", f"--out={out}").returncode == 0
    assert "return counter_connect(&counter0, board_clock(), arg_start);" in (out / "main.c").read_text()
    header = (out / "unikernel.h").read_text()
    assert "enum err counter_connect(struct kv **self, struct clock *clock0, uint32_t start);" in header
    assert "void counter_stop(struct kv *self);" in header
    assert "int app_start(struct kv *counter0);" in header


def test_thirty_arguments_are_the_most(config):
    text = """
        key k[31];
        for (int i = 0; i < 31; i++)
                k[i] = key_bool(fata_text("k%d", i), true, "a switch");
        unikernel("app", job("app_start", {}));"""
    config.write(configure(text.format(", ".join(f"k[{i}]" for i in range(30)))))
    assert len(config.json("--board=alpha")["jobs"][0]["arguments"]) == 30
    config.write(configure(text.format(", ".join(f"k[{i}]" for i in range(31)))))
    assert config.faults("--board=alpha") == [
        "config.c:10: app_start gets 31 arguments; 30 are the most"]


def test_functions_of_any_name(config):
    """The library's own names, such as make() and check(), are hidden."""
    before = "int check(void);\nint check(void)\n{\n\treturn 1;\n}\nint graph;\n"
    config.write(configure("check();\n" + STACK, before))
    assert names(config.json("--board=alpha"))[-1] == "tcp0"
