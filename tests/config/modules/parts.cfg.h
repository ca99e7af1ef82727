/* SPDX-License-Identifier: ISC */
/* Modules that only tests have: as the tree's, but small, and without code behind them. */
#ifndef TESTS_CONFIG_PARTS_CFG_H
#define TESTS_CONFIG_PARTS_CFG_H

#include <fata/module.h>

/* One for the whole image, with a need of its own. */
static inline struct fata_node *test_loop(void)
{
	static const struct fata_spec spec = {
		.kind = "loop",
		.about = "event loop",
		.modules = "test/loop",
		.early = true,
		.start = "loop_start();",
		.run_main = "loop_run($main);",
	};
	fata_needs_of_board("timer", 0);
	return fata_single(&spec, "loop", FATA_USES());
}

/* Interface number `index` of the board. Its need is noted before the loop is made. */
static inline netif_t test_port(const char *name, unsigned index)
{
	const struct fata_spec spec = {
		.kind = "net",
		.about = "network interface",
		.signature = &fata_signature_netif,
		.modules = "test/net",
		.value = "$self",
		.state = "static struct netif *$self;",
		.start = "return net_start(&$self);",
		.own_task = true,
		.ram_bytes = 200000,
		.ram_use = "receive buffers",
	};
	fata_needs_of_board("netif", index);
	return (netif_t){fata_device(&spec, name, FATA_USES({"loop", test_loop()}))};
}
#define port(NAME, INDEX) FATA_HERE(test_port((NAME), (INDEX)))

/* An answer to pings, which comes along with each layer. */
static inline struct fata_node *test_ping(struct fata_node *layer)
{
	static const struct fata_spec spec = {
		.kind = "ping", .about = "answers", .start = "return ping_start($layer);"};
	return fata_device(&spec, fata_name_over(layer, "ping"), FATA_USES({"layer", layer}));
}

/* A network layer, with a key for its address. */
static inline ip_t test_layer_over(netif_t net)
{
	static const struct fata_spec spec = {
		.kind = "ipv4",
		.about = "network layer",
		.signature = &fata_signature_ip,
		.modules = "test/layer test/net",
		.value = "&$self",
		.state = "static struct ip $self;",
		.start = "return layer_start(&$self, $net, $address);",
		.poll = "layer_poll(&$self, now_us)",
	};
	key address = key_ipv4_prefix(fata_key_name(net.node, "address"), "10.0.2.15/24",
				      "address of this machine");
	struct fata_node *node =
		fata_device(&spec, fata_name_over(net.node, "ipv4"),
			    FATA_USES({"net", net.node}, {"address", address.node}));
	fata_attach(node, test_ping(node));
	return (ip_t){node};
}
#define layer_over(NET) FATA_HERE(test_layer_over(NET))

struct transport_options {
	unsigned bytes;
};

static inline tcp_t test_transport_over(ip_t ip, const struct transport_options *options)
{
	const struct fata_spec spec = {
		.kind = "tcp",
		.about = "transport",
		.signature = &fata_signature_tcp,
		.modules = "test/tcp",
		.value = "&$self",
		.state = "static struct tcp $self;",
		.start = "return transport_start(&$self, $ip);",
		.poll = "transport_poll(&$self, now_us)",
		.ram_bytes = options->bytes,
		.ram_use = "connections",
	};
	return (tcp_t){
		fata_device(&spec, fata_name_over(ip.node, "tcp"), FATA_USES({"ip", ip.node}))};
}
#define transport_over(IP, ...)                                                                    \
	FATA_HERE(test_transport_over((IP),                                                        \
				      &(struct transport_options){.bytes = 1000, __VA_ARGS__}))

static inline clock_t test_wall_clock(void)
{
	static const struct fata_spec spec = {
		.kind = "clock",
		.about = "time of day",
		.signature = &fata_signature_clock,
		.value = "board_clock()",
	};
	fata_needs_of_board("clock", 0);
	return (clock_t){fata_single(&spec, "clock", FATA_USES())};
}
#define wall_clock() FATA_HERE(test_wall_clock())

static inline block_t test_disk(unsigned index)
{
	static const struct fata_spec spec = {
		.kind = "disk",
		.about = "disk",
		.signature = &fata_signature_block,
		.value = "board_disk(0)",
	};
	fata_needs_of_board("block", index);
	return (block_t){fata_device(&spec, NULL, FATA_USES())};
}
#define disk(INDEX) FATA_HERE(test_disk(INDEX))

/* A store, for which `archs` (NULL: all) are good. */
static inline kv_t test_store(const char *name, const char *archs)
{
	const struct fata_spec spec = {
		.kind = "store",
		.about = "store",
		.signature = &fata_signature_kv,
		.modules = "test/store",
		.archs = archs,
		.value = "&$self",
		.state = "static struct kv $self;",
		.start = "return store_start(&$self);",
	};
	return (kv_t){fata_device(&spec, name, FATA_USES())};
}
#define store(NAME, ARCHS) FATA_HERE(test_store((NAME), (ARCHS)))

/* Files of a folder of the application. */
static inline kv_t test_folder(const char *path)
{
	static const struct fata_spec spec = {
		.kind = "files",
		.about = "files",
		.signature = &fata_signature_kv,
		.value = "files",
	};
	struct fata_node *node = fata_device(&spec, NULL, FATA_USES());
	fata_embeds(node, path, "files");
	return (kv_t){node};
}
#define folder(PATH) FATA_HERE(test_folder(PATH))

FATA_OFFERS(port, "netif_t port(const char *name, unsigned index)", "an interface")
FATA_OFFERS(layer_over, "ip_t layer_over(netif_t net)", "a network layer")

#endif
