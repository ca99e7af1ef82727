/* SPDX-License-Identifier: ISC */
/*
 * linksim: a bad link between two taps, for tests of images with real peers.
 *
 *      linksim [--loss=1%] [--burst-loss=…] [--delay=50ms] … TAP TAP
 *
 * Every frame that one tap's machine sends comes out of the other, or does not, as the conditions
 * say; they hold in both directions (tests/fakes/link_wire.h). It runs until it is told to end by
 * SIGTERM or SIGINT, and prints then what it did. The taps exist, and are nobody else's.
 */
#include "tests/emu/linksim/linksim.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum { SIDES = 2, BATCH = 64 };

static volatile sig_atomic_t ended;

static void end(int signal_number)
{
	(void)signal_number;
	ended = 1;
}

static uint64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static int open_tap(const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	if (if_nametoindex(name) == 0) { /* the kernel would make one */
		fprintf(stderr, "linksim: there is no tap %s; ip tuntap add dev %s mode tap\n",
			name, name);
		exit(EX_NOINPUT);
	}
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		fprintf(stderr, "linksim: /dev/net/tun: %s\n", strerror(errno));
		exit(EX_OSFILE);
	}
	memcpy(request.ifr_name, name, strlen(name)); /* checked to fit; the rest is zero */
	if (ioctl(fd, TUNSETIFF, &request) != 0) {
		fprintf(stderr, "linksim: tap %s: %s\n", name, strerror(errno));
		exit(EX_NOINPUT);
	}
	return fd;
}

/* Takes up to a batch of frames from a tap. False if it is gone. */
static bool take(int fd, struct link_wire *wire)
{
	uint8_t frame[LINK_WIRE_FRAME_MAX + 1]; /* one octet more, so that a longer one is seen */
	for (unsigned i = 0; i < BATCH; i++) {
		ssize_t n = read(fd, frame, sizeof(frame));
		if (n < 0)
			return errno == EAGAIN || errno == EINTR || errno == EIO;
		(void)link_wire_send(wire, now_us(), frame, (size_t)n);
	}
	return true;
}

/* A tap that cannot take a frame, because nobody is there or its queue is full, loses it. */
static void give(int fd, struct link_wire *wire)
{
	const struct link_frame *f;
	while ((f = link_wire_receive(wire, now_us())) != NULL) {
		if (write(fd, f->bytes, f->len) < 0)
			wire->stats.queue_full++;
	}
}

/* Until the next frame arrives. */
static struct timespec time_left(const struct link_wire wires[SIDES])
{
	uint64_t now = now_us(), next = UINT64_MAX;
	for (unsigned i = 0; i < SIDES; i++) {
		uint64_t due_us = link_wire_next_us(&wires[i]);
		next = due_us < next ? due_us : next;
	}
	uint64_t us = next > now ? next - now : 0;
	us = us < 1000000 ? us : 1000000;
	return (struct timespec){.tv_sec = (time_t)(us / 1000000),
				 .tv_nsec = (long)(us % 1000000) * 1000};
}

static int run(const int fds[SIDES], struct link_wire wires[SIDES], const sigset_t *while_waiting)
{
	struct pollfd polls[SIDES] = {{.fd = fds[0], .events = POLLIN},
				      {.fd = fds[1], .events = POLLIN}};
	while (!ended) {
		struct timespec left = time_left(wires);
		if (ppoll(polls, SIDES, &left, while_waiting) < 0 && errno != EINTR)
			return EX_OSERR;
		for (unsigned i = 0; i < SIDES; i++) {
			if (!take(fds[i], &wires[i])) {
				fprintf(stderr, "linksim: a tap is gone: %s\n", strerror(errno));
				return EX_IOERR;
			}
			give(fds[1 - i], &wires[i]);
		}
	}
	return EX_OK;
}

static void say(const char *from, const char *to, const struct link_wire_stats *s)
{
	printf("%s > %s: %llu sent, %llu arrived, %u lost, %u lost in bursts, %u too many for the "
	       "queue, %u too long, %u too many in flight, %u repeated, %u damaged, %u "
	       "reordered, %u marked\n",
	       from, to, (unsigned long long)s->sent, (unsigned long long)s->delivered, s->lost,
	       s->lost_in_burst, s->queue_full, s->too_long, s->no_room, s->duplicated,
	       s->corrupted, s->reordered, s->marked);
}

/* Signals that end it come only while it waits, so that none is missed. */
static void catch_signals(sigset_t *while_waiting)
{
	const struct sigaction action = {.sa_handler = end};
	sigset_t blocked;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, while_waiting);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

int main(int argc, char **argv)
{
	static struct link_wire wires[SIDES];
	struct linksim_options options;
	sigset_t while_waiting;
	int fds[SIDES];
	if (!linksim_parse(argc, argv, &options))
		return EX_USAGE;
	catch_signals(&while_waiting);
	for (unsigned i = 0; i < SIDES; i++) {
		fds[i] = open_tap(options.taps[i]);
		link_wire_init(&wires[i], &options.conditions, options.seed + i);
	}
	printf("linksim: ready\n");
	fflush(stdout);
	int status = run(fds, wires, &while_waiting);
	for (unsigned i = 0; i < SIDES; i++)
		say(options.taps[i], options.taps[1 - i], &wires[i].stats);
	return status;
}
