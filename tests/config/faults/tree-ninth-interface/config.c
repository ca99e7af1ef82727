/* SPDX-License-Identifier: ISC */
#include <fata/config.h>

static arp_t interface(unsigned number)
{
	return arp_over(ethernet_over(netif(fata_text("n%u", number))));
}

void configure(void)
{
	arp_t a[10];

	for (unsigned i = 0; i < 10; i++)
		a[i] = interface(i);
	/* Of ten interfaces nine are used: it is the ninth of these that there is none for. */
	unikernel("app", job("app_start", a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9]));
}
