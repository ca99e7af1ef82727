/* SPDX-License-Identifier: ISC */
/*
 * What the generated C of these tests calls: the interfaces of modules that do not exist. Tests
 * compile against it, and link nothing.
 */
#ifndef TESTS_CONFIG_GENERATED_SAMPLE_H
#define TESTS_CONFIG_GENERATED_SAMPLE_H

#include "base/inet.h"
#include "base/waker.h"
#include "hal/kv.h"
#include "hal/netif.h"
#include "net/http/http.h"
#include "net/ip/ip.h"
#include "net/tcp/tcp.h"

struct link {
	struct netif *netif;
};

struct layer {
	struct ip ip;
};

struct both {
	struct ip ip;
};

struct echo {
	struct ip *ip;
};

struct stream_config {
	unsigned connections, send_bytes;
};

struct drawer {
	struct kv kv;
	const char *name;
};

struct chart {
	unsigned devices;
};

struct thermometer {
	int celsius;
};

struct netif *sample_netif(unsigned index);
void chart_init(struct chart *chart);
void chart_add(struct chart *chart, const struct drawer *drawer, const char *name);
enum err link_start(struct link *link, struct netif *netif, struct waker work);
void link_stop(struct link *link);
void link_poll_begin(struct link *link, uint64_t now_us);
uint64_t link_poll_end(struct link *link, uint64_t now_us, uint64_t due_us);
enum err layer_start(struct layer *layer, struct link *link, struct ipv4_prefix address);
uint64_t layer_poll(struct layer *layer, uint64_t now_us);
enum err both_start(struct both *both, struct ip *a, struct ip *b);
enum err echo_start(struct echo *echo, struct ip *ip);
enum err stream_start(struct tcp **stream, const struct stream_config *config, struct ip *ip,
		      struct waker work);
uint64_t stream_poll(struct tcp *stream, uint64_t now_us);
enum err server_start(struct http **server, struct tcp *stream, uint16_t port, struct waker work);
uint64_t server_poll(struct http *server, uint64_t now_us);
enum err drawer_open(struct drawer *drawer, const char *name, const char *price);
void drawer_close(struct drawer *drawer);
void beat(void);

extern struct drawer drawer_in_image;

#endif
