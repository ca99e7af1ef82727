/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as boot arguments: the parser must stay within them, and within what each key allows.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "runtime/args.h"
#include "runtime/log.h"
#include "tests/fakes/console.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static bool flag;
static uint16_t port;
static uint32_t count;
static uint64_t size, wait_us;
static const char *name;
static uint32_t gateway;
static struct ipv4_prefix address;
static struct key_ipv4_port peer;
static struct ipv4_route route;
static uint8_t mac[6];
static int64_t level;
static unsigned store;
static struct ip_addr address6;
static struct ipv6_prefix prefix6;
static uint16_t ports_items[3];
static struct key_list ports = {.items = ports_items};
static const struct key_list_info ports_info = {
	.type = &key_u16, .item_bytes = sizeof(ports_items[0]), .items_max = 3};
static const char *hosts_items[4];
static struct key_list hosts = {.items = hosts_items};
static const struct key_list_info hosts_info = {
	.type = &key_string, .item_bytes = sizeof(hosts_items[0]), .items_max = 4};
static struct ipv6_prefix nets_items[20];
static struct key_list nets = {.items = nets_items};
static const struct key_list_info nets_info = {
	.type = &key_ipv6_prefix, .item_bytes = sizeof(nets_items[0]), .items_max = 20};

static struct ip_addr servers_items[4];
static struct key_list servers = {.items = servers_items};
static const struct key_list_info servers_info = {
	.type = &key_ip, .item_bytes = sizeof(servers_items[0]), .items_max = 4};

enum err log_configure(const char *text)
{
	return text[0] == 'x' ? ERR_INVALID : OK;
}

static const struct key keys[] = {
	{"flag", &key_bool, &flag, NULL, "a switch"},
	{"port", &key_u16, &port, KEY_LIMITS(1, 50000), "a number"},
	{"count", &key_u32, &count, NULL, "a number"},
	{"size", &key_size, &size, KEY_LIMITS(0, 1 << 20), "a size"},
	{"wait", &key_duration, &wait_us, KEY_LIMITS(5, 1000), "a time"},
	{"name", &key_string, &name, NULL, "a text"},
	{"gateway", &key_ipv4, &gateway, NULL, "an address"},
	{"ipv4", &key_ipv4_prefix, &address, NULL, "an address"},
	{"peer", &key_ipv4_port, &peer, NULL, "an address"},
	{"route", &key_ipv4_route, &route, NULL, "a way"},
	{"mac", &key_mac, mac, NULL, "an address"},
	{"log", &key_log, NULL, NULL, "levels"},
	{"level", &key_int, &level, KEY_LIMITS((uint64_t)-20, 5), "a number"},
	{"store", &key_enum, &store, NULL, "a word", "embedded|tar|fat"},
	{"ipv6", &key_ipv6, &address6, NULL, "an address"},
	{"net6", &key_ipv6_prefix, &prefix6, NULL, "a network"},
	{"ports", &key_list, &ports, KEY_LIMITS(1, 50000), "numbers", &ports_info},
	{"hosts", &key_list, &hosts, NULL, "texts", &hosts_info},
	{"nets", &key_list, &nets, NULL, "networks", &nets_info},
	{"servers", &key_list, &servers, NULL, "addresses", &servers_info},
	{0},
};

static bool is_within(const char *s, const char *text, size_t len)
{
	return s >= text && s + strlen(s) <= text + len;
}

/* Defaults; the last texts have gone. */
static void start_over(const struct key *const tables[])
{
	static char levels[sizeof("--log=info")];
	char message[60];
	strcpy(levels, "--log=info");
	assert(args_parse(levels, tables, message, sizeof(message)) == OK);
	port = 1;
	size = 0;
	memset(mac, 0, sizeof(mac));
	name = NULL;
	ports.count = hosts.count = nets.count = 0;
}

static void check_values(const char *text, size_t len)
{
	assert(port >= 1 && port <= 50000 && size <= 1 << 20 && address.bits <= 32);
	assert((mac[0] & 1) == 0 && prefix6.bits <= 128);
	assert(level >= -20 && level <= 5 && store < 3);
	assert(name == NULL || is_within(name, text, len));
	assert(ports.count <= 3 && hosts.count <= 4 && nets.count <= 20);
	for (unsigned i = 0; i < ports.count; i++)
		assert(ports_items[i] >= 1 && ports_items[i] <= 50000);
	for (unsigned i = 0; i < hosts.count; i++)
		assert(is_within(hosts_items[i], text, len));
	for (unsigned i = 0; i < nets.count; i++)
		assert(nets_items[i].bits <= 128);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct key *const tables[] = {keys, NULL};
	char message[60];
	char *text = malloc(len + 1);

	assert(text != NULL);
	memcpy(text, bytes, len);
	text[len] = '\0';
	start_over(tables);
	enum err e = args_parse(text, tables, message, sizeof(message));
	assert((e == OK || e == ERR_EOF) == (message[0] == '\0'));
	assert(strlen(message) < sizeof(message));
	check_values(text, len);
	fake_console_clear();
	args_print_help(tables); /* a string may hold anything */
	free(text);
	return 0;
}
