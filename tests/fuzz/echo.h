/* SPDX-License-Identifier: ISC */
/* A service of UDP that sends back what arrives at port 7, to whoever it came from. */
#ifndef TESTS_FUZZ_ECHO_H
#define TESTS_FUZZ_ECHO_H

#include "net/udp/udp.h"

struct fuzz_echo {
	struct udp_socket socket;
	struct udp *udp;
};

void fuzz_echo_open(struct fuzz_echo *e, struct udp *udp);

#endif
