/* SPDX-License-Identifier: ISC */
/*
 * Keys of every type, with values that each test begins with anew.
 */
#ifndef TESTS_UNIT_ARGS_KEYS_H
#define TESTS_UNIT_ARGS_KEYS_H

#include "runtime/args.h"

extern bool verbose, cache;
extern uint16_t port, any16;
extern uint32_t count;
extern uint64_t size, wait_us, plain_size, age_us;
extern const char *name;
extern uint32_t gateway;
extern struct ipv4_prefix address;
extern struct key_ipv4_port peer;
extern struct ipv4_route route;
extern uint8_t mac[6];
extern int64_t offset, level;
extern struct ip_addr address6;
extern struct ipv6_prefix prefix6;
extern unsigned store;

extern struct key_list dns, ports, hosts, stores, nets, servers;
extern uint32_t dns_items[3];
extern uint16_t ports_items[40];
extern const char *hosts_items[4];
extern unsigned stores_items[2];
extern struct ipv6_prefix nets_items[4];
extern struct ip_addr servers_items[4];

extern char log_text[40]; /* what log_configure() was given */

extern const struct key *const tables[];

extern char message[160]; /* of the last parse; as long as that of the start code */

/* Parses a copy that is just as long as it must be, so that the sanitizer sees a step too far. */
MUST_USE enum err parse(const char *given);

int args_start_over(void **state);
int args_end(void **state);

#define ARGS_TEST(f) cmocka_unit_test_setup_teardown(f, args_start_over, args_end)

/* The groups; each returns how many of its tests failed. */
int args_values(void);
int args_lists(void);
int args_faults(void);
int args_help(void);
int args_types(void);

#endif
