/* SPDX-License-Identifier: ISC */
/*
 * What a server over a Linux tap would do that had no stack at all: answers to HTTP without a
 * connection, a timer or a look at anything but the headers' places. What arrives says all that an
 * answer needs; what is lost stays lost. No stack can take less of the processor, since the rest is
 * what the kernel does for a read() and a write() of the same frames.
 *
 *     no_stack TAP ADDRESS PAGE-FILE
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "bench/peers/request.h"

enum { TEXT_BYTES = 1460, ISS = 1000, WINDOW = 65535, PAGE_BYTES_MAX = 1200 };

struct frame {
	struct virtio_net_hdr offload;
	struct ether_header eth;
	union {
		struct ether_arp arp;
		struct {
			struct iphdr ip;
			struct tcphdr tcp;
			uint8_t text[TEXT_BYTES];
		} __attribute__((packed));
	};
} __attribute__((packed));

static const uint8_t mac[ETH_ALEN] = {2, 0, 0, 0, 0, 8};

static int tap;
static uint32_t address; /* as it is on the wire */
static struct frame in, out;
static char page[TEXT_BYTES];
static size_t page_bytes;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void put(size_t bytes)
{
	memcpy(out.eth.ether_dhost, in.eth.ether_shost, ETH_ALEN);
	memcpy(out.eth.ether_shost, mac, ETH_ALEN);
	out.eth.ether_type = in.eth.ether_type;
	if (write(tap, &out, sizeof(out.offload) + sizeof(out.eth) + bytes) < 0)
		perror("write");
}

static void answer_arp(void)
{
	if (ntohs(in.arp.arp_op) != ARPOP_REQUEST || memcmp(in.arp.arp_tpa, &address, 4) != 0)
		return;
	out.offload = (struct virtio_net_hdr){0};
	out.arp = in.arp;
	out.arp.arp_op = htons(ARPOP_REPLY);
	memcpy(out.arp.arp_sha, mac, ETH_ALEN);
	memcpy(out.arp.arp_spa, in.arp.arp_tpa, 4);
	memcpy(out.arp.arp_tha, in.arp.arp_sha, ETH_ALEN);
	memcpy(out.arp.arp_tpa, in.arp.arp_spa, 4);
	put(sizeof(out.arp));
}

static uint32_t sum(const void *bytes, size_t len)
{
	uint32_t total = 0;
	uint16_t word;

	for (size_t i = 0; i < len; i += sizeof(word)) {
		memcpy(&word, (const uint8_t *)bytes + i, sizeof(word));
		total += word;
	}
	return total;
}

static uint16_t fold(uint32_t total)
{
	total = (total >> 16) + (total & 0xffff);
	return (uint16_t)(total + (total >> 16));
}

static void put_segment(uint8_t flags, uint32_t seq, uint32_t ack, size_t text)
{
	const struct virtio_net_hdr checksum = {.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
						.csum_start = sizeof(out.eth) + sizeof(out.ip),
						.csum_offset = offsetof(struct tcphdr, check)};

	out.offload = checksum;
	out.ip = (struct iphdr){
		.version = 4,
		.ihl = 5,
		.tot_len = htons((uint16_t)(sizeof(out.ip) + sizeof(out.tcp) + text)),
		.ttl = 64,
		.protocol = IPPROTO_TCP,
		.saddr = in.ip.daddr,
		.daddr = in.ip.saddr};
	out.ip.check = (uint16_t)~fold(sum(&out.ip, sizeof(out.ip)));
	out.tcp = (struct tcphdr){.source = in.tcp.dest,
				  .dest = in.tcp.source,
				  .seq = htonl(seq),
				  .ack_seq = htonl(ack),
				  .doff = sizeof(out.tcp) / 4,
				  .window = htons(WINDOW)};
	out.tcp.th_flags = flags;
	out.tcp.check = fold(sum(&out.ip.saddr, 8) + htons(IPPROTO_TCP) +
			     htons((uint16_t)(sizeof(out.tcp) + text)));
	put(sizeof(out.ip) + sizeof(out.tcp) + text);
}

static void answer_tcp(size_t bytes)
{
	uint32_t seq = ntohl(in.tcp.seq), ours = ntohl(in.tcp.ack_seq);
	size_t headers = in.ip.ihl * 4u + in.tcp.doff * 4u, total = ntohs(in.ip.tot_len);
	bool close = false;

	if (in.ip.daddr != address || in.ip.protocol != IPPROTO_TCP || in.ip.ihl != 5 ||
	    in.tcp.doff < 5 || total > bytes || total < headers || in.tcp.rst)
		return;
	size_t text = total - headers;
	if (in.tcp.syn) {
		put_segment(TH_SYN | TH_ACK, ISS, seq + 1, 0);
	} else if (text > 0) {
		const char *request = (const char *)&in.tcp + in.tcp.doff * 4u;
		(void)request_length(request, text, &close);
		memcpy(out.text, page, page_bytes);
		put_segment(TH_PUSH | TH_ACK | (close ? TH_FIN : 0), ours, seq + (uint32_t)text,
			    page_bytes);
	} else if (in.tcp.fin) {
		put_segment(TH_ACK, ours, seq + 1, 0);
	}
}

static void answer(size_t bytes)
{
	if (bytes >= sizeof(in.arp) && ntohs(in.eth.ether_type) == ETHERTYPE_ARP)
		answer_arp();
	else if (bytes >= sizeof(in.ip) + sizeof(in.tcp) &&
		 ntohs(in.eth.ether_type) == ETHERTYPE_IP)
		answer_tcp(bytes);
}

/* --- start ----------------------------------------------------------------------------------- */

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
	char file[PAGE_BYTES_MAX];
	FILE *f = fopen(path, "rb");

	if (f == NULL)
		die(path);
	size_t len = fread(file, 1, sizeof(file), f);
	fclose(f);
	int n = snprintf(page, sizeof(page),
			 "HTTP/1.1 200 OK\r\nContent-Type: image/svg+xml\r\n"
			 "Content-Length: %zu\r\nETag: \"0123456789abcdef\"\r\n\r\n",
			 len);
	memcpy(page + n, file, len);
	page_bytes = (size_t)n + len;
}

int main(int argc, char **argv)
{
	if (argc != 4 || inet_pton(AF_INET, argv[2], &address) != 1) {
		fprintf(stderr, "usage: %s TAP ADDRESS PAGE-FILE\n", argv[0]);
		return 64;
	}
	prepare(argv[3]);
	open_tap(argv[1]);
	for (;;) {
		struct pollfd frames = {.fd = tap, .events = POLLIN};
		ssize_t n = read(tap, &in, sizeof(in));
		if (n > (ssize_t)(sizeof(in.offload) + sizeof(in.eth)))
			answer((size_t)n - sizeof(in.offload) - sizeof(in.eth));
		else if (n < 0)
			poll(&frames, 1, -1);
	}
}
