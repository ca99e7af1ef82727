/* SPDX-License-Identifier: ISC */
/* Modules that only these tests have, one for each thing that a spec can say. */
#ifndef TESTS_CONFIG_GENERATED_SAMPLE_CFG_H
#define TESTS_CONFIG_GENERATED_SAMPLE_CFG_H

#include <fata/module.h>

#define SAMPLE_HEADER "tests/config/generated/modules/sample.h"

FATA_BOARD(bench, .name = "bench", .arch = "any", .about = "a board with all that tests need",
	   .devices = {{"timer", 1}, {"netif", 4}}, .ram_bytes = 64 << 20)

/* --- the runtime's own, which start before all others ---------------------------------------- */

static inline struct fata_node *sample_heap(void)
{
	static const struct fata_spec spec = {
		.kind = "heap",
		.about = "heap",
		.modules = "runtime/heap",
		.headers = "runtime/heap/heap.h",
		.early = true,
		.start = "memory_start();",
	};
	return fata_single(&spec, "heap", FATA_USES());
}

static inline struct fata_node *sample_loop(void)
{
	static const struct fata_spec spec = {
		.kind = "loop",
		.about = "event loop and fibers",
		.modules = "runtime/loop runtime/fiber",
		.headers = "hal/board.h runtime/fiber/fiber.h runtime/loop/loop.h",
		.early = true,
		.start = "loop_start(board_timer());",
		.run_main = "fibers_main($main, $stack_bytes);",
	};
	fata_needs_of_board("timer", 0);
	return fata_single(&spec, "loop", FATA_USES({"heap", sample_heap()}));
}

/* One of which there is only a value: it has no part of its own in main.c. */
static inline timer_t sample_timer(void)
{
	static const struct fata_spec spec = {
		.kind = "timer",
		.about = "timer of the board",
		.signature = &fata_signature_timer,
		.headers = "hal/board.h",
		.value = "board_timer()",
	};
	return (timer_t){fata_single(&spec, "timer", FATA_USES({"loop", sample_loop()}))};
}
#define sample_timer() FATA_HERE(sample_timer())

/* --- a stack of protocols -------------------------------------------------------------------- */

static inline netif_t interface(const char *name, unsigned index)
{
	const struct fata_spec spec = {
		.kind = "net",
		.about = fata_text("network interface %u", index),
		.signature = &fata_signature_netif,
		.headers = SAMPLE_HEADER,
		.state = "static struct netif *$self;",
		.value = "$self",
		.start = fata_text("$self = sample_netif(%u);\n"
				   "if ($self == NULL)\n"
				   "\treturn ERR_NODEV;\n"
				   "return OK;",
				   index),
		.ram_bytes = 4096,
		.ram_use = "receive buffers",
	};
	fata_needs_of_board("netif", index);
	return (netif_t){fata_device(&spec, name, FATA_USES({"loop", sample_loop()}))};
}
#define interface(NAME, INDEX) FATA_HERE(interface((NAME), (INDEX)))

SIGNATURE(link, "struct link *", SAMPLE_HEADER);

/* One with a task of its own, polls of others in it, and a stop. */
static inline link_t link_over(netif_t net)
{
	static const struct fata_spec spec = {
		.kind = "link",
		.about = "link",
		.signature = &fata_signature_link,
		.modules = "net/eth",
		.headers = SAMPLE_HEADER,
		.state = "static struct link $self;",
		.value = "&$self",
		.start = "return link_start(&$self, $net, $waker);",
		.stop = "link_stop(&$self);",
		.own_task = true,
		.poll_begin = "link_poll_begin(&$self, now_us);",
		.poll_end = "link_poll_end(&$self, now_us, due_us)",
	};
	return (link_t){fata_device(&spec, fata_name_over(net.node, "link"),
				    FATA_USES({"net", net.node}, {"loop", sample_loop()}))};
}
#define link_over(NET) FATA_HERE(link_over(NET))

/* One that is polled by the task below, with a part that comes along. */
static inline ip_t layer_over(link_t link)
{
	static const struct fata_spec spec = {
		.kind = "layer",
		.about = "network layer",
		.signature = &fata_signature_ip,
		.modules = "net/ip",
		.headers = SAMPLE_HEADER,
		.state = "static struct layer $self;",
		.value = "&$self.ip",
		.start = "return layer_start(&$self, $link, $address);",
		.poll = "layer_poll(&$self, now_us)",
	};
	static const struct fata_spec echo = {
		.kind = "echo",
		.about = "answers to pings",
		.headers = SAMPLE_HEADER,
		.state = "static struct echo $self;",
		.start = "return echo_start(&$self, $ip);",
	};
	key address = key_ipv4_prefix(fata_key_name(link.node, "address"), "10.0.2.15/24",
				      "address of this machine");
	struct fata_node *layer =
		fata_device(&spec, fata_name_over(link.node, "layer"),
			    FATA_USES({"link", link.node}, {"address", address.node}));
	fata_attach(layer, fata_device(&echo, fata_name_over(link.node, "echo"),
				       FATA_USES({"ip", layer})));
	return (ip_t){layer};
}
#define layer_over(LINK) FATA_HERE(layer_over(LINK))

/* What stands above it is polled with both. */
static inline ip_t both_over(ip_t a, ip_t b)
{
	static const struct fata_spec spec = {
		.kind = "both",
		.about = "two layers as one",
		.signature = &fata_signature_ip,
		.modules = "net/ip",
		.headers = SAMPLE_HEADER,
		.state = "static struct both $self;",
		.value = "&$self.ip",
		.start = "return both_start(&$self, $a, $b);",
		.joins_tasks = true,
	};
	return (ip_t){fata_device(&spec, NULL, FATA_USES({"a", a.node}, {"b", b.node}))};
}
#define both_over(A, B) FATA_HERE(both_over((A), (B)))

/* One whose start is of several statements, of which its author broke one. */
static inline tcp_t stream_over(ip_t ip)
{
	static const struct fata_spec spec = {
		.kind = "tcp",
		.about = "stream",
		.signature = &fata_signature_tcp,
		.modules = "net/tcp",
		.headers = "runtime/loop/loop.h " SAMPLE_HEADER,
		.state = "static struct tcp *$self;",
		.value = "$self",
		.start = "static const struct stream_config config = {\n"
			 "\t.connections = 64,\n"
			 "\t.send_bytes = 65536,\n"
			 "};\n"
			 "return stream_start(&$self, &config,\n"
			 "\t$ip, $waker);",
		.poll = "stream_poll($self, now_us)",
		.ram_bytes = 1000,
		.ram_use = "connections",
	};
	return (tcp_t){
		fata_device(&spec, fata_name_over(ip.node, "tcp"), FATA_USES({"ip", ip.node}))};
}
#define stream_over(IP) FATA_HERE(stream_over(IP))

/* One that polls in a task with nobody else. */
static inline http_t server_over(tcp_t tcp, key port)
{
	static const struct fata_spec spec = {
		.kind = "http",
		.about = "server",
		.signature = &fata_signature_http,
		.modules = "net/http",
		.headers = "runtime/loop/loop.h " SAMPLE_HEADER,
		.state = "static struct http *$self;",
		.value = "$self",
		.start = "return server_start(&$self, $tcp, $port, $waker);",
		.own_task = true,
		.poll = "server_poll($self, now_us)",
	};
	struct fata_node *node = fata_device(
		&spec, fata_name_over(tcp.node, "http"),
		FATA_USES({"tcp", tcp.node}, {"port", port.node}, {"loop", sample_loop()}));
	fata_serves(node, "tcp", port.node, "http");
	return (http_t){node};
}
#define server_over(TCP, PORT) FATA_HERE(server_over((TCP), (PORT)))

/* One that polls nothing, and does not look at the time. */
static inline uart_t heart(void)
{
	static const struct fata_spec spec = {
		.kind = "heart",
		.about = "beats",
		.signature = &fata_signature_uart,
		.headers = "hal/uart.h runtime/loop/loop.h " SAMPLE_HEADER,
		.value = "NULL",
		.own_task = true,
		.poll_begin = "beat();",
	};
	return (uart_t){fata_device(&spec, NULL, FATA_USES({"loop", sample_loop()}))};
}
#define heart() FATA_HERE(heart())

/* --- stores, which do without the loop ------------------------------------------------------- */

/* One with several variables, its name in its text, a dollar sign, and a stop. */
static inline kv_t drawer(const char *name)
{
	static const struct fata_spec spec = {
		.kind = "drawer",
		.about = "drawer",
		.signature = &fata_signature_kv,
		.modules = "storage/embedded",
		.headers = SAMPLE_HEADER,
		.state = "static struct drawer $self_drawer;\nstatic struct kv *$self;",
		.value = "$self",
		.start = "$self = &$self_drawer.kv;\n"
			 "return drawer_open(&$self_drawer, $name, \"5 $$\");",
		.stop = "drawer_close(&$self_drawer);",
	};
	return (kv_t){fata_device(&spec, name, FATA_USES())};
}
#define drawer(NAME) FATA_HERE(drawer(NAME))

/* One that is there without a start, with a folder of the application in it. */
static inline kv_t folder(const char *path)
{
	static const struct fata_spec spec = {
		.kind = "files",
		.about = "files of the image",
		.signature = &fata_signature_kv,
		.modules = "storage/embedded",
		.headers = SAMPLE_HEADER,
		.value = "&drawer_in_image.kv",
	};
	struct fata_node *node = fata_device(&spec, NULL, FATA_USES());
	fata_embeds(node, path, "drawer_in_image");
	return (kv_t){node};
}
#define folder(PATH) FATA_HERE(folder(PATH))

/* One that counts, and what shows what all devices have counted. */
static inline kv_t counting(const char *name)
{
	static const struct fata_spec spec = {
		.kind = "counting",
		.about = "store that counts",
		.signature = &fata_signature_kv,
		.modules = "storage/embedded",
		.headers = SAMPLE_HEADER,
		.state = "static struct drawer $self;",
		.value = "&$self.kv",
		.start = "return drawer_open(&$self, $name, \"\");",
		.counters = "chart_add($page, &$self, $name);",
	};
	return (kv_t){fata_device(&spec, name, FATA_USES())};
}
#define counting(NAME) FATA_HERE(counting(NAME))

SIGNATURE(chart, "struct chart *", SAMPLE_HEADER);

static inline chart_t chart(void)
{
	static const struct fata_spec spec = {
		.kind = "chart",
		.about = "what all devices have counted",
		.signature = &fata_signature_chart,
		.modules = "net/metrics",
		.headers = SAMPLE_HEADER,
		.state = "static struct chart $self;",
		.value = "&$self",
		.start = "chart_init(&$self);\n$counters\nreturn OK;",
		.late = true,
	};
	return (chart_t){fata_device(&spec, NULL, FATA_USES())};
}
#define chart() FATA_HERE(chart())

/* One whose text wires what does not fit, names what it does not use, has no task. */
static inline kv_t unfit(kv_t store, const char *start)
{
	const struct fata_spec spec = {
		.kind = "unfit",
		.signature = &fata_signature_kv,
		.headers = SAMPLE_HEADER,
		.state = "static struct link $self;",
		.value = "NULL",
		.start = start,
	};
	return (kv_t){fata_device(&spec, NULL, FATA_USES({"store", store.node}))};
}
#define unfit(STORE, START) FATA_HERE(unfit((STORE), (START)))

#endif
