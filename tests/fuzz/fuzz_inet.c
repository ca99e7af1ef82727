/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as the text of an address: the build machine's C library must agree on what it is, and
 * what is written for it must be the same address again.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>

#include "base/assert.h"
#include "base/inet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* The C library writes an address with 96 zero bits in front as if it held one of IPv4. */
static bool is_written_otherwise(const struct ip_addr *a)
{
	return (a->word[0] | a->word[1] | a->word[2]) == 0;
}

static void check_v6(const char *text)
{
	char ours[INET_ADDR_CHARS], theirs[INET6_ADDRSTRLEN];
	struct ip_addr a, again;
	struct in6_addr expected;

	enum err e = inet_parse_v6(text, &a);
	assert((e == OK) == (inet_pton(AF_INET6, text, &expected) == 1));
	if (e != OK)
		return;
	assert(memcmp(&a, &expected, sizeof(a)) == 0);
	(void)inet_format_v6(&a, ours);
	assert(strlen(ours) < sizeof(ours));
	assert(inet_parse_v6(ours, &again) == OK && ip_addr_equal(&a, &again));
	assert(inet_ntop(AF_INET6, &a, theirs, sizeof(theirs)) != NULL);
	assert(is_written_otherwise(&a) || strcmp(ours, theirs) == 0);
}

static void check_v4(const char *text)
{
	struct in_addr expected;
	uint32_t v4;
	enum err e = inet_parse_v4(text, &v4);
	assert((e == OK) == (inet_pton(AF_INET, text, &expected) == 1));
	assert(e != OK || v4 == ntohl(expected.s_addr));
}

/* A prefix is an address, a slash and a number within the length of the address. */
static void check_prefixes(const char *text)
{
	struct ipv6_prefix p6;
	struct ipv4_prefix p4;
	struct ip_addr a;
	char address[INET_ADDR_CHARS];
	size_t len = strcspn(text, "/");

	if (inet_parse_v4_prefix(text, &p4) == OK)
		assert(p4.bits <= 32 && text[len] == '/');
	if (inet_parse_v6_prefix(text, &p6) != OK)
		return;
	assert(p6.bits <= 128 && text[len] == '/' && len < sizeof(address));
	assert(strtoul(text + len + 1, NULL, 10) == p6.bits);
	memcpy(address, text, len);
	address[len] = '\0';
	assert(inet_parse_v6(address, &a) == OK && ip_addr_equal(&a, &p6.addr));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = malloc(len + 1);
	assert(text != NULL);
	memcpy(text, bytes, len);
	text[len] = '\0';
	check_v6(text);
	check_v4(text);
	check_prefixes(text);
	free(text);
	return 0;
}
