/* SPDX-License-Identifier: ISC */
#include "tests/unit/args/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/log.h"
#include "tests/fakes/console.h"

bool verbose, cache;
uint16_t port, any16;
uint32_t count;
uint64_t size, wait_us, plain_size, age_us;
const char *name;
uint32_t gateway;
struct ipv4_prefix address;
struct key_ipv4_port peer;
struct ipv4_route route;
uint8_t mac[6];
int64_t offset, level;
struct ip_addr address6;
struct ipv6_prefix prefix6;
unsigned store;

uint32_t dns_items[3];
struct key_list dns = {.items = dns_items};
static const struct key_list_info dns_info = {
	.type = &key_ipv4, .item_bytes = sizeof(dns_items[0]), .items_max = 3};
uint16_t ports_items[40];
struct key_list ports = {.items = ports_items};
static const struct key_list_info ports_info = {
	.type = &key_u16, .item_bytes = sizeof(ports_items[0]), .items_max = 40};
const char *hosts_items[4];
struct key_list hosts = {.items = hosts_items};
static const struct key_list_info hosts_info = {
	.type = &key_string, .item_bytes = sizeof(hosts_items[0]), .items_max = 4};
unsigned stores_items[2];
struct key_list stores = {.items = stores_items};
static const struct key_list_info stores_info = {.type = &key_enum,
						 .item_bytes = sizeof(stores_items[0]),
						 .items_max = 2,
						 .info = "tar|fat"};
struct ipv6_prefix nets_items[4];
struct key_list nets = {.items = nets_items};
static const struct key_list_info nets_info = {
	.type = &key_ipv6_prefix, .item_bytes = sizeof(nets_items[0]), .items_max = 4};

struct ip_addr servers_items[4];
struct key_list servers = {.items = servers_items};
static const struct key_list_info servers_info = {
	.type = &key_ip, .item_bytes = sizeof(servers_items[0]), .items_max = 4};

char log_text[40];

enum err log_configure(const char *text)
{
	if (strcmp(text, "bad") == 0)
		return ERR_INVALID;
	strncpy(log_text, text, sizeof(log_text) - 1);
	return OK;
}

static const struct key app_keys[] = {
	{"verbose", &key_bool, &verbose, NULL, "say more"},
	{"cache", &key_bool, &cache, NULL, "keep pages"},
	{"port", &key_u16, &port, KEY_LIMITS(1, 65535), "TCP port to serve on"},
	{"any", &key_u16, &any16, NULL, "any number"},
	{"count", &key_u32, &count, KEY_LIMITS(3, 9), "how many"},
	{"size", &key_size, &size, KEY_LIMITS(64 << 10, 16 << 20), "buffer"},
	{"room", &key_size, &plain_size, NULL, "room"},
	{"wait", &key_duration, &wait_us, KEY_LIMITS(1000, 10000000), "patience"},
	{"age", &key_duration, &age_us, NULL, "how old"},
	{"name", &key_string, &name, NULL, "whom to greet"},
	{0},
};

static const struct key net_keys[] = {
	{"gateway", &key_ipv4, &gateway, NULL, "router"},
	{"ipv4", &key_ipv4_prefix, &address, NULL, "our address"},
	{"peer", &key_ipv4_port, &peer, NULL, "the other side"},
	{"mac", &key_mac, mac, NULL, "station address"},
	{"log", &key_log, NULL, NULL, "log levels"},
	{0},
};

static const struct key more_keys[] = {
	{.name = "offset", .type = &key_int, .value = &offset, .help = "any whole number"},
	{.name = "level",
	 .type = &key_int,
	 .value = &level,
	 .limits = KEY_LIMITS((uint64_t)-20, 5),
	 .help = "how loud"},
	{.name = "never",
	 .type = &key_u32,
	 .value = &count,
	 .limits = KEY_LIMITS(9, 3),
	 .help = "nothing"},
	{.name = "route", .type = &key_ipv4_route, .value = &route, .help = "a way"},
	{.name = "ipv6", .type = &key_ipv6, .value = &address6, .help = "an address"},
	{.name = "net6", .type = &key_ipv6_prefix, .value = &prefix6, .help = "our network"},
	{.name = "store",
	 .type = &key_enum,
	 .value = &store,
	 .help = "where pages are",
	 .info = "embedded|tar|fat"},
	{.name = "dns", .type = &key_list, .value = &dns, .help = "servers", .info = &dns_info},
	{.name = "ports",
	 .type = &key_list,
	 .value = &ports,
	 .limits = KEY_LIMITS(1, 1000),
	 .help = "to open",
	 .info = &ports_info},
	{.name = "hosts", .type = &key_list, .value = &hosts, .help = "names", .info = &hosts_info},
	{.name = "stores",
	 .type = &key_list,
	 .value = &stores,
	 .help = "in order",
	 .info = &stores_info},
	{.name = "nets", .type = &key_list, .value = &nets, .help = "routes", .info = &nets_info},
	{.name = "servers",
	 .type = &key_list,
	 .value = &servers,
	 .help = "of either family",
	 .info = &servers_info},
	{0},
};

const struct key *const tables[] = {app_keys, net_keys, more_keys, NULL};

static char *text; /* of the last parse; strings point into it */
char message[160];

int args_start_over(void **state)
{
	static char levels[sizeof("--log=info")];
	static const uint8_t default_mac[6] = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
	(void)state;
	verbose = false;
	cache = true;
	port = 80;
	any16 = 0;
	count = 3;
	size = 64 << 10;
	plain_size = 5;
	wait_us = 3000000;
	age_us = 0;
	name = "world";
	gateway = 0;
	address = (struct ipv4_prefix){0x0a00020f, 24};
	peer = (struct key_ipv4_port){0x0a000202, 7};
	route = (struct ipv4_route){.dst = {0x0a010000, 16}, .gateway = 0x0a000209};
	memcpy(mac, default_mac, sizeof(mac));
	offset = level = -7;
	address6 = (struct ip_addr){0};
	prefix6 = (struct ipv6_prefix){{{0x000000fd, 0, 0, 0x02000000}}, 64};
	store = 1;
	dns.count = 1;
	dns_items[0] = 0x0a000203;
	ports.count = hosts.count = stores.count = nets.count = servers.count = 0;
	/* The text of the levels is kept, and that of the last test has gone. */
	strcpy(levels, "--log=info");
	assert_int_equal(args_parse(levels, tables, message, sizeof(message)), OK);
	fake_console_clear();
	return 0;
}

int args_end(void **state)
{
	(void)state;
	free(text);
	text = NULL;
	return 0;
}

/* Parses a copy that is just as long as it must be, so that the sanitizer sees a step too far. */
enum err parse(const char *given)
{
	free(text);
	text = strdup(given);
	memset(message, 0, sizeof(message));
	return args_parse(text, tables, message, sizeof(message));
}
