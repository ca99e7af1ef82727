/* SPDX-License-Identifier: ISC */
/*
 * From what the firmware left to a console and memory.
 */
#include <string.h>

#include "arch/cpu.h"
#include "arch/image.h"
#include "arch/mmio.h"
#include "arch/mmu.h"
#include "arch/psci.h"
#include "base/attr.h"
#include "base/text.h"
#include "boards/common/common.h"
#include "boards/soc/rpi/rpi.h"
#include "boards/tree/atags.h"
#include "boards/tree/seed.h"
#include "boards/tree/start.h"
#include "drivers/watchdog/bcm2835_pm/bcm2835_pm.h"
#include "hal/board.h"

/* Page zero is nobody's. */
enum { LOWEST_RAM = RPI_RAM_START + PAGE_BYTES };

static uint64_t kaslr_seed;
static uint32_t optional_found; /* a bit for each of rpi_chip.optional */

uint64_t board_guard_seed(void)
{
	return kaslr_seed;
}

static void power_off(void)
{
	bcm2835_pm_off(rpi_chip.peripherals + RPI_PM);
}

/* The serial ports as /aliases names them; stdout-path is a path or an alias, ":options" behind. */
struct serial_ports {
	const char *path[2];
};

static void note_aliases(void *arg, const struct tree *t, const struct tree_node *n)
{
	struct serial_ports *ports = arg;

	(void)t;
	if (n->property[TREE_SERIAL0].value != NULL)
		ports->path[0] = tree_string(n, TREE_SERIAL0);
	if (n->property[TREE_SERIAL1].value != NULL)
		ports->path[1] = tree_string(n, TREE_SERIAL1);
}

static void note_optional(void *arg, const struct tree *t, const struct tree_node *n)
{
	const char *at = n->property[TREE_COMPATIBLE].value, *compatible;
	size_t left = (size_t)n->property[TREE_COMPATIBLE].len;

	(void)arg;
	(void)t;
	while ((compatible = tree_take_string(&at, &left)) != NULL) {
		int place = text_place(rpi_chip.optional, compatible);

		if (place >= 0)
			optional_found |= UINT32_C(1) << place;
	}
}

bool rpi_has(unsigned place)
{
	return (optional_found >> place & 1) != 0;
}

/* strstr(), which newlib has for long texts: a tenth of a small image. */
static bool contains(const char *text, const char *part)
{
	size_t len = strlen(part);

	while (*text != '\0' && strncmp(text, part, len) != 0)
		text++;
	return *text != '\0';
}

/* Whether the console of the tree is the mini UART, which lies at 7e215040 of the bus. */
static GUARDED bool console_is_mini(const char *stdout_path, const struct serial_ports *ports)
{
	if (stdout_path == NULL)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(ports->path); i++) {
		const char alias[] = {'s', 'e', 'r', 'i', 'a', 'l', (char)('0' + i), '\0'};

		if (ports->path[i] != NULL && strncmp(stdout_path, alias, strlen(alias)) == 0)
			stdout_path = ports->path[i];
	}
	return contains(stdout_path, "serial@7e215040");
}

enum err rpi_mac(uint8_t mac[static 6])
{
	return rpi_firmware_mac(&rpi_mailbox, mac);
}

static enum err read_tree(struct tree *t, void *fdt, size_t bytes)
{
	struct serial_ports ports = {0};
	enum err e = tree_read(t, fdt, bytes, LOWEST_RAM, note_aliases,
			       rpi_chip.optional != NULL ? note_optional : NULL, &ports);

	if (e != OK) {
		board_complain("the device tree is damaged");
		return e;
	}
	if (console_is_mini(t->stdout_path, &ports))
		rpi_use_mini_uart();
	kaslr_seed = t->kaslr_seed;
	seed_take(t);
	return OK;
}

/*
 * The firmware names the memory of the first GiB, of which it has the end itself. Of that above,
 * which is all the processor's, the board's revision tells: how often it doubles 256 MiB. Where the
 * devices are in between there is none.
 */
static void add_ram_above(struct tree *t)
{
	const uint64_t gib = 1 << 30;
	uint64_t all;
	uint32_t revision;

	if (rpi_firmware_revision(&rpi_mailbox, &revision) != OK ||
	    (revision & RPI_REVISION_HAS_FIELDS) == 0)
		return;
	all = RPI_REVISION_RAM_MIN << (revision >> RPI_REVISION_RAM_SHIFT & RPI_REVISION_RAM_MASK);
	if (all > gib)
		tree_add_ram(t, gib, MIN(all, (uint64_t)rpi_chip.devices.start) - gib);
	if (all > 4 * gib)
		tree_add_ram(t, 4 * gib, all - 4 * gib);
}

/* Where there is no tree: the tags have the arguments, the firmware knows the memory. */
static enum err read_tags(struct tree *t)
{
	struct atags tags;
	uint32_t start, bytes;

	*t = (struct tree){.lowest_ram = LOWEST_RAM};
	if (atags_parse(&tags, (const uint32_t *)(uintptr_t)RPI_ATAGS, RPI_ATAGS_BYTES) == OK) {
		t->bootargs = tags.cmdline;
		t->bootargs_len = tags.cmdline_len;
	}
	if (rpi_firmware_memory(&rpi_mailbox, &start, &bytes) != OK) {
		board_complain("the firmware does not say how much memory there is");
		return ERR_NODEV;
	}
	tree_add_ram(t, start, bytes);
	add_ram_above(t);
	return OK;
}

static enum err read_tags_mapped(struct tree *t)
{
	const uintptr_t end = ROUND_UP(RPI_ATAGS + RPI_ATAGS_BYTES, PAGE_BYTES);
	enum err e = mmu_protect(RPI_RAM_START, end, MMU_READ);

	if (e == OK)
		e = read_tags(t);
	if (e == OK)
		e = start_copy_bootargs(t);
	/* Page zero stays unmapped: the list begins in it. */
	if (mmu_protect(RPI_RAM_START, end, MMU_NONE) != OK)
		return ERR_NOMEM;
	return e;
}

/*
 * The firmware has the other cores ask for an address again and again, at best asleep until an
 * event between; an emulator does not let them sleep then, and they take the host's processors from
 * the first. At the image's own entry each waits for an interrupt, which never comes.
 */
static void park_other_cores(void)
{
	bool in_page_zero = rpi_cores.second < PAGE_BYTES;

	/* They see memory past the caches. */
	if (in_page_zero && mmu_protect(RPI_RAM_START, PAGE_BYTES, MMU_UNCACHED) != OK)
		return;
	for (size_t i = 0; i < RPI_CORES - 1; i++)
		mmio_write32(rpi_cores.second + i * rpi_cores.step,
			     (uint32_t)(uintptr_t)image_start);
	cpu_send_event();
	if (in_page_zero && mmu_protect(RPI_RAM_START, PAGE_BYTES, MMU_NONE) != OK)
		assert(false); /* what was mapped needs no tables */
}

enum err board_init(const struct boot *boot)
{
	struct tree t;
	size_t bytes = 0; /* set with the tree, which the compiler may not see */
	void *fdt = start_map_tree((uintptr_t)boot->fdt, LOWEST_RAM, &bytes);
	enum err e;

	cpu_set_off(power_off);
	park_other_cores();
	if (fdt != NULL) {
		e = read_tree(&t, fdt, bytes);
		if (e == OK)
			e = start_copy_bootargs(&t);
	} else {
		e = read_tags_mapped(&t);
	}
	if (e == ERR_RANGE)
		board_complain(START_ARGS_TOO_LONG);
	if (e != OK)
		return e;
	/* Whoever says that there is memory where the devices are is not believed. */
	tree_reserve(&t, rpi_chip.devices.start, rpi_chip.devices.bytes);
	e = t.too_many_reserved ? ERR_NOMEM : start_memory(&t);
	if (e != OK)
		board_complain("the memory could not be mapped");
	return e;
}
