/* SPDX-License-Identifier: ISC */
#ifndef TESTS_UNIT_DHCPV6_TESTS_H
#define TESTS_UNIT_DHCPV6_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const uint8_t test_mac[6];

/* A message that is built option by option. */
struct message {
	uint8_t bytes[1024];
	size_t len;
};

/* A REPLY to `xid` with the identifiers of test_mac and of a server. */
void message_begin(struct message *m, uint32_t xid);
void message_option(struct message *m, uint16_t code, const void *value, size_t len);

int message_tests(void);
int client_tests(void);

#endif
