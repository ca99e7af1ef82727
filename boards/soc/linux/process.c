/* SPDX-License-Identifier: ISC */
/*
 * A Linux process as a machine, whose devices are file descriptors: everything of hal/board.h but
 * the name.
 *
 * It takes its own words (--tap=, --memory=, --mac=) out of the arguments, because they say what
 * hardware there is; what remains are the boot arguments of the image.
 */
#include "hal/board.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "arch/cpu.h"
#include "arch/fault.h"
#include "boards/soc/linux/words.h"
#include "drivers/block/file/file_disk.h"
#include "drivers/irq/epoll/epoll_irq.h"
#include "drivers/net/tap/tap.h"
#include "drivers/timer/timerfd/timerfd.h"
#include "drivers/uart/stdio/stdio_uart.h"

enum { STATUS_ERROR = 1, STATUS_USAGE = 64 };

static struct stdio_uart console;
static struct tap taps[HOST_TAPS_MAX];
static struct host_words words;
static struct board_memory memory;

static void say(const char *line)
{
	uart_write(board_console(), line, strlen(line));
	uart_write(board_console(), "\r\n", 2);
}

struct uart *board_console(void)
{
	if (console.uart.ops == NULL)
		stdio_uart_init(&console);
	return &console.uart;
}

static struct epoll_irq *interrupts(void)
{
	static struct epoll_irq irq;
	if (irq.chip.ops == NULL) {
		epoll_irq_init(&irq);
		stdio_uart_set_irq(&console, &irq);
	}
	return &irq;
}

void interrupt(void)
{
	irq_chip_dispatch(&interrupts()->chip);
}

enum err board_init(const struct boot *boot)
{
	const char *fault = host_words_parse(&words, boot->cmdline);
	if (fault != NULL) {
		say(fault);
		cpu_exit(STATUS_USAGE); /* as for any other argument */
	}
	if (words.help)
		say(host_words_help);
	memory.start = mmap(NULL, words.memory_bytes, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory.start == MAP_FAILED) {
		say("--memory: the system does not have that much");
		return ERR_NOMEM;
	}
	memory.bytes = words.memory_bytes;
	memory.total_bytes = words.memory_bytes;
	return OK;
}

char *board_bootargs(void)
{
	return words.rest;
}

uint64_t board_guard_seed(void)
{
	return 0; /* the processor's instruction is always there */
}

struct timer *board_timer(void)
{
	static struct timerfd timer;
	if (timer.timer.ops == NULL && timerfd_init(&timer, interrupts()) != OK) {
		say("the system refuses a timer");
		cpu_exit(STATUS_ERROR);
	}
	return &timer.timer;
}

struct board_memory board_memory(void)
{
	return memory;
}

static void choose_mac(uint8_t mac[static 6], unsigned index)
{
	if (index < words.n_macs) {
		memcpy(mac, words.mac[index], 6);
		return;
	}
	/* Locally administered, unicast; derived from the name so that a restart keeps it. */
	uint32_t hash = 2166136261u; /* FNV-1a */
	for (const char *c = words.tap[index]; *c != '\0'; c++)
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	const uint8_t chosen[6] = {0x02,
				   0xfa,
				   (uint8_t)(hash >> 24),
				   (uint8_t)(hash >> 16),
				   (uint8_t)(hash >> 8),
				   (uint8_t)hash};
	memcpy(mac, chosen, 6);
}

static const char *const netif_names[HOST_TAPS_MAX] = {"net0", "net1", "net2", "net3",
						       "net4", "net5", "net6", "net7"};

/* `what` is wrong with interface number `index`: says so, and how to make `device`. */
static GUARDED void complain(unsigned index, const char *what, const char *device)
{
	char line[200];
	(void)snprintf(line, sizeof(line),
		       "net%u: %s%s; to make it: ip tuntap add dev %s mode tap user $USER; ip link "
		       "set %s up",
		       index, what, device, device, device);
	say(line);
}

struct netif *board_netif(unsigned index, struct pkt_pool *rx)
{
	uint8_t mac[6];

	if (index >= words.n_taps) {
		complain(index, "no network: each interface needs a --tap=", "NAME");
		return NULL;
	}
	struct tap *tap = &taps[index];
	if (tap->netif.ops != NULL)
		return &tap->netif;
	choose_mac(mac, index);
	if (tap_init(tap, netif_names[index], words.tap[index], mac, rx, interrupts()) != OK) {
		complain(index, "cannot open tap device ", words.tap[index]);
		tap->netif.ops = NULL;
		return NULL;
	}
	return &tap->netif;
}

struct block *board_block(unsigned index)
{
	static const char *const names[HOST_DISKS_MAX] = {"disk0", "disk1", "disk2", "disk3"};
	static struct file_disk disks[HOST_DISKS_MAX];

	if (index >= words.n_disks) {
		say("there is no such disk: each needs a --disk=FILE of raw sectors");
		return NULL;
	}
	if (disks[index].block.ops != NULL)
		return &disks[index].block;
	return file_disk_init(&disks[index], words.disk[index], names[index]);
}

static enum err read_clock(struct clock *c, uint64_t *unix_s)
{
	(void)c;
	*unix_s = (uint64_t)time(NULL);
	return OK;
}

struct clock *board_clock(void)
{
	static const struct clock_ops ops = {.read = read_clock};
	static struct clock clock = {.ops = &ops};
	return &clock;
}

size_t board_entropy(void *bytes, size_t max)
{
	return cpu_random(bytes, max) == OK ? max : 0;
}
