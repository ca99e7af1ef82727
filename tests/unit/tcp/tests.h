/* SPDX-License-Identifier: ISC */
/*
 * The groups of tests of net/tcp, a file each. A group returns how many of its tests failed.
 */
#ifndef TESTS_UNIT_TCP_TESTS_H
#define TESTS_UNIT_TCP_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/tcp/cc.h"

int arithmetic_tests(void);
int handshake_tests(void);
int tuning_tests(void);
int keepalive_tests(void);
int time_wait_tests(void);
int cookie_tests(void);
int connect_tests(void);
int closing_tests(void);
int attack_tests(void);
int window_tests(void);
int retransmit_tests(void);
int reassembly_tests(void);
int flow_tests(void);
int info_tests(void);
int limit_tests(void);
int sharing_tests(void);
int offload_tests(void);
int coalesced_tests(void);
int error_tests(void);
int sack_tests(void);
int rack_tests(void);
int recovery_tests(void);
int frto_tests(void);
int cubic_tests(void);
int ecn_tests(void);
int plpmtud_tests(void);
int timestamp_tests(void);
int prediction_tests(void);
int soak_tests(void);
int goodput_tests(void);

/* cc_init() of a struct that is cleared first, as a connection's is. */
static inline void begin_cc(struct tcp_cc *cc, const struct tcp_cc_ops *ops, uint32_t mss,
			    uint32_t iss, bool lost_syn)
{
	*cc = (struct tcp_cc){0};
	cc_init(cc, ops, mss, iss, lost_syn);
}

#endif
