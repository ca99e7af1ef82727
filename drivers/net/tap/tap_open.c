/* SPDX-License-Identifier: ISC */
#include "drivers/net/tap/tap_open.h"

#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* After <net/if.h>, whose structures it shares. */
#include <linux/if_tun.h>

#include "drivers/net/vnet/vnet_regs.h"

/* Attaches to device `name` in a mode. A device keeps settings of its last user: all are set. */
static bool attach(int fd, const char *name, short mode, unsigned offloads)
{
	struct ifreq request = {.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | mode)};
	int header_bytes = VNET_BYTES_SHORT;
	memcpy(request.ifr_name, name, strlen(name) + 1);
	return ioctl(fd, TUNSETIFF, &request) == 0 && ioctl(fd, TUNSETOFFLOAD, offloads) == 0 &&
	       (mode == 0 || ioctl(fd, TUNSETVNETHDRSZ, &header_bytes) == 0);
}

enum err tap_open(const char *name, bool coalesce, int *fd, bool *vnet)
{
	/* TUNSETIFF would make a device that does not exist, without an address and down. */
	if (strlen(name) >= IFNAMSIZ || if_nametoindex(name) == 0)
		return ERR_NODEV;
	*fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0)
		return ERR_NODEV;
	/* Frames to us may come without a checksum. */
	unsigned offloads = TUN_F_CSUM;
	if (coalesce)
		offloads |= TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;
	*vnet = attach(*fd, name, IFF_VNET_HDR, offloads);
	if (*vnet || attach(*fd, name, 0, 0))
		return OK;
	close(*fd);
	return ERR_NODEV;
}
