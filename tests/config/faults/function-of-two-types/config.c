/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

void configure(void)
{
	tcp_t tcp = transport_over(layer_over(port(NULL, 0)));
	key port = key_u16("port", 80, "port to serve on");
	key next = key_u16("next", 81, "another port");
	kv_t own = device("own", kv, sources(), "own_connect", uses(tcp), keys());
	kv_t other = device("other", kv, sources(), "own_connect", uses(tcp), keys(port));
	job_t good = job("app_start", tcp, port);
	job_t too = job("app_start", tcp, next);
	job_t bad = job("app_start", own, other);

	unikernel("app", good, too, bad);
}
