/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	tcp_t none = {NULL};
	tcp_t tcp = transport_over((ip_t){NULL});
	tcp_t odd = transport_over((ip_t){(struct fata_node *)8});
	key nothing = {NULL};
	ip_t ip = layer_over((netif_t){NULL});
	kv_t own = device("own", kv, sources(), "own_connect", uses(none), keys(nothing));

	unikernel("app", job("app_start", none, tcp, odd, ip, nothing, own));
}
