/* SPDX-License-Identifier: ISC */
/*
 * Errors: one enumeration for the whole system.
 *
 * A function that can fail returns `enum err`, or an ssize_t whose negative values
 * are these. OK is zero. A caller's bug is not an error: it asserts (base/assert.h).
 * Anything that arrives from outside (a packet, a boot argument, a device's answer)
 * is never asserted on: it yields one of these and, where it is dropped, a counter.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err {
	OK = 0,
	ERR_INVALID = -1,      /* an argument or a message that no rule allows */
	ERR_RANGE = -2,        /* a number outside what is allowed here */
	ERR_NOMEM = -3,        /* a pool, the heap or a table is exhausted */
	ERR_AGAIN = -4,        /* not now: try again after the next wake-up */
	ERR_TIMEOUT = -5,      /* a bounded wait ended without its event */
	ERR_IO = -6,           /* the device reported or showed a fault */
	ERR_NODEV = -7,        /* there is no such device */
	ERR_NOTFOUND = -8,     /* there is no such entry */
	ERR_EXISTS = -9,       /* the name, port or entry is taken */
	ERR_UNSUPPORTED = -10, /* well-formed, but not something that this side does */
	ERR_EOF = -11,         /* the peer has ended its direction in good order */
	ERR_CLOSED = -12,      /* this end is closed: nothing more can be done with it */
	ERR_RESET = -13,       /* the peer broke the connection */
	ERR_REFUSED = -14,     /* the peer refused the connection */
	ERR_UNREACHABLE = -15, /* no route, or the network says that there is none */
	ERR_NOTREADY = -16,    /* not yet: a generator unseeded, a link down */
	ERR_CANCELLED = -17,   /* whoever waits was told to give up */
	ERR_NOSPACE = -18,     /* the medium is full */
	ERR_READONLY = -19,    /* it can be read, not changed */
	ERR_DAMAGED = -20,     /* what is stored there contradicts itself */
};

/* A word or two in plain English for a message to a person; never NULL. */
const char *err_str(enum err e);

#endif
