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
static uint8_t mac[6];

enum err log_configure(const char *text)
{
	return text[0] == 'x' ? ERR_INVALID : OK;
}

static const struct key keys[] = {
	{"flag", &key_bool, &flag, 0, 0, "a switch"},
	{"port", &key_u16, &port, 1, 50000, "a number"},
	{"count", &key_u32, &count, 0, 0, "a number"},
	{"size", &key_size, &size, 0, 1 << 20, "a size"},
	{"wait", &key_duration, &wait_us, 5, 1000, "a time"},
	{"name", &key_string, &name, 0, 0, "a text"},
	{"gateway", &key_ipv4, &gateway, 0, 0, "an address"},
	{"ipv4", &key_ipv4_prefix, &address, 0, 0, "an address"},
	{"peer", &key_ipv4_port, &peer, 0, 0, "an address"},
	{"mac", &key_mac, mac, 0, 0, "an address"},
	{"log", &key_log, NULL, 0, 0, "levels"},
	{0},
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct key *const tables[] = {keys, NULL};
	char message[60];
	char *text = malloc(len + 1);

	assert(text != NULL);
	memcpy(text, bytes, len);
	text[len] = '\0';
	port = 1;
	size = 0;
	memset(mac, 0, sizeof(mac));
	name = NULL;
	enum err e = args_parse(text, tables, message, sizeof(message));
	assert((e == OK || e == ERR_EOF) == (message[0] == '\0'));
	assert(strlen(message) < sizeof(message));
	assert(port >= 1 && port <= 50000 && size <= 1 << 20 && address.bits <= 32);
	assert((mac[0] & 1) == 0);
	assert(name == NULL || (name >= text && name + strlen(name) <= text + len));
	fake_console_clear();
	args_print_help(tables); /* a string may hold anything */
	free(text);
	return 0;
}
