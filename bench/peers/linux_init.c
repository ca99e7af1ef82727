/* SPDX-License-Identifier: ISC */
/*
 * The first and only process of the Linux guest until it becomes the server: loads the modules of
 * the network card, gives it an address, and executes /server, with the page /page or, if it was
 * told disk=vfat, the folder of a virtio disk.
 *
 * The address comes as the kernel arguments address= and netmask=, which it hands over in the
 * environment.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const char *const modules[] = {"virtio", "virtio_ring", NULL};
static const char *const on_pci[] = {"virtio_pci_legacy_dev", "virtio_pci_modern_dev", "virtio_pci",
				     NULL};
static const char *const on_mmio[] = {"virtio_mmio", NULL};
static const char *const network[] = {"failover", "net_failover", "virtio_net", NULL};
static const char *const vfat[] = {"virtio_blk", "nls_cp437", "nls_ascii", "fat", "vfat", NULL};

static void load(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/modules/%s.ko", name);
	int fd = open(path, O_RDONLY);
	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0) != 0)
		perror(path);
	close(fd);
}

static void load_all(const char *const *names)
{
	for (; *names != NULL; names++)
		load(*names);
}

/* Only what the machine needs: of the two ways to its devices the one that it has. */
static void load_modules(const char *bus)
{
	load_all(modules);
	load_all(bus != NULL && strcmp(bus, "pci") == 0 ? on_pci : on_mmio);
	load_all(network);
}

static void set_address(int s, unsigned long request, const char *text)
{
	struct ifreq r = {.ifr_name = "eth0"};
	struct sockaddr_in *in = (struct sockaddr_in *)&r.ifr_addr;

	in->sin_family = AF_INET;
	if (inet_pton(AF_INET, text, &in->sin_addr) != 1 || ioctl(s, request, &r) != 0)
		perror(text);
}

static void bring_up(int s, const char *name)
{
	struct ifreq r = {.ifr_flags = IFF_UP | IFF_RUNNING};

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", name);
	if (ioctl(s, SIOCSIFFLAGS, &r) != 0)
		perror(name);
}

/* The card is found a moment after its driver is loaded. */
static void wait_for_card(void)
{
	const struct timespec ms = {.tv_nsec = 1000000};

	for (unsigned i = 0; i < 10000 && if_nametoindex("eth0") == 0; i++)
		nanosleep(&ms, NULL);
}

/* The disk, too. */
static void mount_disk(void)
{
	const struct timespec ms = {.tv_nsec = 1000000};
	int e = -1;

	load_all(vfat);
	mount("none", "/dev", "devtmpfs", 0, NULL);
	for (unsigned i = 0; i < 10000 && e != 0; i++) {
		e = mount("/dev/vda", "/disk", "vfat", MS_NOATIME, "utf8");
		nanosleep(&ms, NULL);
	}
	if (e != 0)
		perror("/dev/vda");
}

int main(void)
{
	static char *arguments[] = {"/server", "0.0.0.0", "/page", "80", "9", "19", NULL};
	const char *address = getenv("address"), *netmask = getenv("netmask");

	mount("none", "/proc", "proc", 0, NULL);
	load_modules(getenv("bus"));
	wait_for_card();
	if (getenv("disk") != NULL) {
		mount_disk();
		arguments[2] = "/disk";
	}
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	bring_up(s, "lo");
	set_address(s, SIOCSIFADDR, address != NULL ? address : "10.0.2.15");
	set_address(s, SIOCSIFNETMASK, netmask != NULL ? netmask : "255.255.255.0");
	bring_up(s, "eth0");
	close(s);
	printf("ready\n");
	fflush(stdout);
	execv(arguments[0], arguments);
	perror(arguments[0]);
	return 1;
}
