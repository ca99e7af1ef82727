/* SPDX-License-Identifier: ISC */
/*
 * What an application needs of the network: one network layer and the transports over it.
 *
 * The layers are started and polled by whoever wires them (net/eth/eth.h shows how); this only
 * bundles what they hand out, so that a job takes one argument. An application asks for what it
 * uses and includes that header; a transport that was not wired is NULL and not linked. An image
 * may hold several stacks, each over an interface of its own; they share nothing. Borrowed, valid
 * for the run of the image, for the event loop and its fibers.
 */
#ifndef NET_STACK_STACK_H
#define NET_STACK_STACK_H

struct ip;
struct tcp;
struct udp;

struct stack {
	const char *name; /* of the interface, for messages: "net0" */
	struct ip *ip;
	struct udp *udp; /* or NULL */
	struct tcp *tcp; /* or NULL */
};

#endif
