/* SPDX-License-Identifier: ISC */
/*
 * A server over a Linux tap that has no stack: what a read() and a write() of the same frames take
 * of the kernel, and little else.
 *
 *     no_stack TAP ADDRESS PAGE-FILE
 */
#include "bench/peers/no_stack.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct frame {
	struct virtio_net_hdr offload;
	uint8_t bytes[NO_STACK_TEXT + NO_STACK_PAGE_MAX];
} __attribute__((packed));

static int tap;
static struct frame frame;
static struct no_stack server = {.mac = {2, 0, 0, 0, 0, 8}, .offload = true};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void answer(size_t bytes)
{
	const struct virtio_net_hdr none = {0};
	const struct virtio_net_hdr checksum = {.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
						.csum_start = NO_STACK_TCP,
						.csum_offset = 16};
	size_t len = no_stack_answer(&server, frame.bytes, bytes);

	frame.offload = len == NO_STACK_ARP ? none : checksum;
	if (len > 0 && write(tap, &frame, sizeof(frame.offload) + len) < 0)
		perror("write");
}

static void open_tap(const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR};

	tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	if (tap < 0 || ioctl(tap, TUNSETIFF, &request) != 0 ||
	    ioctl(tap, TUNSETOFFLOAD, TUN_F_CSUM) != 0)
		die(name);
}

static void prepare(const char *path)
{
	char file[NO_STACK_PAGE_MAX];
	FILE *f = fopen(path, "rb");

	if (f == NULL)
		die(path);
	size_t len = fread(file, 1, sizeof(file), f);
	fclose(f);
	if (!no_stack_prepare(&server, file, len)) {
		fprintf(stderr, "%s is too large for one segment\n", path);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc != 4 || inet_pton(AF_INET, argv[2], server.address) != 1) {
		fprintf(stderr, "usage: %s TAP ADDRESS PAGE-FILE\n", argv[0]);
		return 64;
	}
	prepare(argv[3]);
	open_tap(argv[1]);
	for (;;) {
		struct pollfd frames = {.fd = tap, .events = POLLIN};
		ssize_t n = read(tap, &frame, sizeof(frame));
		if (n > (ssize_t)sizeof(frame.offload))
			answer((size_t)n - sizeof(frame.offload));
		else if (n < 0)
			poll(&frames, 1, -1);
	}
}
