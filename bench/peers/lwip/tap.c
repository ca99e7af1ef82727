/* SPDX-License-Identifier: ISC */
/*
 * lwIP as a plain program over a Linux tap: a frame is a read() or a writev(), as most of its ports
 * have it. Its servers are those of server.c.
 *
 *     lwip_tap TAP ADDRESS NETMASK PAGE-FILE
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "lwip/etharp.h"
#include "lwip/init.h"
#include "lwip/netif.h"
#include "lwip/pbuf.h"
#include "lwip/sys.h"
#include "lwip/timeouts.h"
#include "netif/ethernet.h"

#include "bench/peers/lwip/server.h"

enum {
	HTTP_PORT = 80,
	BATCH_FRAMES = 64,
	FRAME_BYTES = 1518,
	PIECES_MAX = 16,
	PAGE_BYTES_MAX = 4096
};

static int tap;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

u32_t sys_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u32_t)(t.tv_sec * 1000 + t.tv_nsec / 1000000);
}

uint32_t lwip_random(void)
{
	return (uint32_t)random();
}

/* --- frames ---------------------------------------------------------------------------------- */

static err_t send_frame(struct netif *nif, struct pbuf *p)
{
	struct pollfd room = {.fd = tap, .events = POLLOUT};
	struct iovec v[PIECES_MAX];
	int n = 0;

	(void)nif;
	for (const struct pbuf *q = p; q != NULL; q = q->next) {
		if (n == PIECES_MAX)
			return ERR_IF;
		v[n++] = (struct iovec){q->payload, q->len};
	}
	while (writev(tap, v, n) < 0) {
		if (errno != EAGAIN)
			return ERR_IF;
		poll(&room, 1, 10);
	}
	return ERR_OK;
}

/* False: there is no more. */
static bool receive(struct netif *nif)
{
	struct pbuf *p = pbuf_alloc(PBUF_RAW, FRAME_BYTES, PBUF_POOL);

	if (p == NULL)
		return false;
	ssize_t n = read(tap, p->payload, FRAME_BYTES);
	if (n <= 0) {
		pbuf_free(p);
		return false;
	}
	pbuf_realloc(p, (u16_t)n);
	if (nif->input(p, nif) != ERR_OK)
		pbuf_free(p);
	return true;
}

static err_t init_station(struct netif *nif)
{
	static const uint8_t mac[ETH_HWADDR_LEN] = {2, 0, 0, 0, 0, 9};

	nif->mtu = 1500;
	nif->hwaddr_len = ETH_HWADDR_LEN;
	memcpy(nif->hwaddr, mac, sizeof(mac));
	nif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
		     NETIF_FLAG_LINK_UP;
	nif->output = etharp_output;
	nif->linkoutput = send_frame;
	return ERR_OK;
}

/* --- start ----------------------------------------------------------------------------------- */

static void open_tap(const char *name)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};

	tap = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	if (tap < 0 || ioctl(tap, TUNSETIFF, &request) != 0)
		die(name);
	ioctl(tap, TUNSETOFFLOAD, 0);
}

static void serve_page(const char *path)
{
	static uint8_t page[PAGE_BYTES_MAX];
	FILE *f = fopen(path, "rb");

	if (f == NULL)
		die(path);
	server_start(HTTP_PORT, page, fread(page, 1, sizeof(page), f));
	fclose(f);
}

int main(int argc, char **argv)
{
	static struct netif station;
	ip4_addr_t addr, mask, none = {0};

	if (argc != 5 || !ip4addr_aton(argv[2], &addr) || !ip4addr_aton(argv[3], &mask)) {
		fprintf(stderr, "usage: %s TAP ADDRESS NETMASK PAGE-FILE\n", argv[0]);
		return 64;
	}
	open_tap(argv[1]);
	lwip_init();
	netif_add(&station, &addr, &mask, &none, NULL, init_station, ethernet_input);
	netif_set_default(&station);
	netif_set_up(&station);
	serve_page(argv[4]);
	for (;;) {
		struct pollfd frames = {.fd = tap, .events = POLLIN};
		unsigned n = 0;
		while (n < BATCH_FRAMES && receive(&station))
			n++;
		sys_check_timeouts();
		if (n < BATCH_FRAMES)
			poll(&frames, 1, (int)sys_timeouts_sleeptime());
	}
}
