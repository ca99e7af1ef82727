/* SPDX-License-Identifier: ISC */
/*
 * The host board: a Linux process whose devices are file descriptors.
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
#include "boards/host/words.h"
#include "drivers/irq/epoll/epoll_irq.h"
#include "drivers/net/tap/tap.h"
#include "drivers/timer/timerfd/timerfd.h"
#include "drivers/uart/stdio/stdio_uart.h"

const char board_name[] = "host";

enum { STATUS_USAGE = 64 };

static struct epoll_irq irq;
static struct stdio_uart console;
static struct timerfd timer;
static struct tap tap;
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
		stdio_uart_init(&console, &irq);
	return &console.uart;
}

enum err board_init(const struct boot *boot)
{
	epoll_irq_init(&irq);
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
	enum err e = timerfd_init(&timer, &irq);
	if (e != OK)
		say("the system refuses a timer");
	return e;
}

const char *board_bootargs(void)
{
	return words.rest;
}

uint64_t board_guard_seed(void)
{
	return 0; /* the processor's instruction is always there */
}

struct timer *board_timer(void)
{
	return &timer.timer;
}

struct board_memory board_memory(void)
{
	return memory;
}

static void choose_mac(uint8_t mac[static 6])
{
	if (words.has_mac) {
		memcpy(mac, words.mac, 6);
		return;
	}
	/* Locally administered, unicast; derived from the name so that a restart keeps it. */
	uint32_t hash = 2166136261u; /* FNV-1a */
	for (const char *c = words.tap; *c != '\0'; c++)
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	const uint8_t chosen[6] = {0x02,
				   0xfa,
				   (uint8_t)(hash >> 24),
				   (uint8_t)(hash >> 16),
				   (uint8_t)(hash >> 8),
				   (uint8_t)hash};
	memcpy(mac, chosen, 6);
}

struct netif *board_netif(unsigned index, struct pkt_pool *rx)
{
	char line[200];
	uint8_t mac[6];

	if (index != 0)
		return NULL;
	if (tap.netif.ops != NULL)
		return &tap.netif;
	if (words.tap[0] == '\0') {
		say("net0: no network: say --tap=NAME, after ip tuntap add dev NAME mode tap user "
		    "$USER; ip link set NAME up");
		return NULL;
	}
	choose_mac(mac);
	if (tap_init(&tap, words.tap, mac, rx, &irq) != OK) {
		snprintf(line, sizeof(line),
			 "net0: cannot open tap device %s: ip tuntap add dev %s mode tap user "
			 "$USER; ip link set %s up",
			 words.tap, words.tap, words.tap);
		say(line);
		tap.netif.ops = NULL;
		return NULL;
	}
	return &tap.netif;
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

void interrupt(void)
{
	irq_chip_dispatch(&irq.chip);
}
