/* SPDX-License-Identifier: ISC */
#include "tests/unit/qemu_virt/tree.h"

#include <libfdt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct tree_options tree_default = {
	.gic = 2,
	.timer = "arm,armv8-timer",
	.psci = "arm,psci-1.0\0arm,psci-0.2\0arm,psci\0",
	.uart = 0x09000000,
	.stdout_path = "/pl011@9000000",
	.psci_method = "hvc",
	.ram = {0x40000000, 0x08000000},
	.n_virtio = 4,
	.virtio_spi = 16,
	.bootargs = "--port=80",
};

/* A fault of the test itself. */
static void ok(int result)
{
	if (result != 0) {
		fprintf(stderr, "tree: %s\n", fdt_strerror(result));
		abort();
	}
}

static void begin(void *fdt, const char *name, uint64_t address)
{
	char text[64];

	snprintf(text, sizeof(text), address != 0 ? "%s@%llx" : "%s", name,
		 (unsigned long long)address);
	ok(fdt_begin_node(fdt, text));
}

static void ranges(void *fdt, const uint64_t *numbers, unsigned n)
{
	fdt64_t cells[8];

	for (unsigned i = 0; i < n; i++)
		cells[i] = cpu_to_fdt64(numbers[i]);
	ok(fdt_property(fdt, "reg", cells, (int)(n * sizeof(cells[0]))));
}

static void interrupts(void *fdt, const uint32_t *numbers, unsigned n)
{
	fdt32_t cells[12];

	for (unsigned i = 0; i < n; i++)
		cells[i] = cpu_to_fdt32(numbers[i]);
	ok(fdt_property(fdt, "interrupts", cells, (int)(n * sizeof(cells[0]))));
}

static void device(void *fdt, const char *name, const char *compatible, uint64_t address,
		   uint64_t bytes, uint32_t spi, uint32_t flags, const char *status)
{
	begin(fdt, name, address);
	ok(fdt_property_string(fdt, "compatible", compatible));
	ranges(fdt, (uint64_t[]){address, bytes}, 2);
	interrupts(fdt, (uint32_t[]){0, spi, flags}, 3);
	if (status != NULL)
		ok(fdt_property_string(fdt, "status", status));
	ok(fdt_end_node(fdt));
}

static void gic(void *fdt, int version)
{
	const uint64_t v2[] = {0x08000000, 0x10000, 0x08010000, 0x10000};
	const uint64_t v3[] = {0x08000000, 0x10000, 0x080a0000, 0xf60000};

	if (version == 0)
		return;
	begin(fdt, "intc", 0x08000000);
	ok(fdt_property_string(fdt, "compatible",
			       version == 2     ? "arm,cortex-a15-gic"
			       : version == 400 ? "arm,gic-400"
						: "arm,gic-v3"));
	ranges(fdt, version == 3 ? v3 : v2, 4);
	ok(fdt_end_node(fdt));
}

static void memory(void *fdt, const uint64_t *range)
{
	if (range[1] == 0)
		return;
	begin(fdt, "memory", range[0]);
	ok(fdt_property_string(fdt, "device_type", "memory"));
	ranges(fdt, range, 2);
	ok(fdt_end_node(fdt));
}

static void reserved_memory(void *fdt, const uint64_t *range)
{
	if (range[1] == 0)
		return;
	begin(fdt, "reserved-memory", 0);
	begin(fdt, "secret", range[0]);
	ranges(fdt, range, 2);
	ok(fdt_end_node(fdt));
	ok(fdt_end_node(fdt));
}

static void chosen(void *fdt, const struct tree_options *o)
{
	uint8_t seed[32];

	for (unsigned i = 0; i < sizeof(seed); i++)
		seed[i] = (uint8_t)(i + 1);
	begin(fdt, "chosen", 0);
	if (o->bootargs != NULL)
		ok(fdt_property_string(fdt, "bootargs", o->bootargs));
	if (o->stdout_path != NULL)
		ok(fdt_property_string(fdt, "stdout-path", o->stdout_path));
	ok(fdt_property(fdt, "rng-seed", seed, sizeof(seed)));
	ok(fdt_property(fdt, "kaslr-seed", "\x81\x82\x83\x84\x85\x86\x87\x88", 8));
	ok(fdt_end_node(fdt));
}

static size_t list_bytes(const char *list)
{
	size_t n = 0;

	while (list[n] != '\0')
		n += strlen(list + n) + 1;
	return n;
}

static void devices(void *fdt, const struct tree_options *o)
{
	const uint32_t timers[] = {1, 13, 0x104, 1, 14, 0x104, 1, 11, 0x104, 1, 10, 0x104};

	begin(fdt, "psci", 0);
	ok(fdt_property(fdt, "compatible", o->psci, (int)list_bytes(o->psci)));
	ok(fdt_property_string(fdt, "method", o->psci_method));
	ok(fdt_end_node(fdt));
	begin(fdt, "timer", 0);
	ok(fdt_property_string(fdt, "compatible", o->timer));
	interrupts(fdt, timers, 12);
	ok(fdt_end_node(fdt));
	for (unsigned i = 0; i < o->n_virtio; i++)
		device(fdt, "virtio_mmio", "virtio,mmio", 0x0a000000 + 0x200 * i, 0x200,
		       o->virtio_spi + i, 1, NULL);
	if (o->uart != 0)
		device(fdt, "pl011", "arm,pl011", o->uart, 0x1000, 1, 4, o->uart_status);
	if (o->second_uart != 0)
		device(fdt, "pl011", "arm,pl011", o->second_uart, 0x1000, 8, 4, NULL);
	if (o->hidden_uart != 0) {
		begin(fdt, "bus", 0);
		device(fdt, "pl011", "arm,pl011", o->hidden_uart, 0x1000, 9, 4, NULL);
		ok(fdt_end_node(fdt));
	}
	device(fdt, "pl031", "arm,pl031", 0x09010000, 0x1000, 2, 4, NULL);
}

uint32_t tree_build(void *buffer, const struct tree_options *o)
{
	ok(fdt_create(buffer, TREE_BYTES_MAX));
	if (o->in_header[1] != 0)
		ok(fdt_add_reservemap_entry(buffer, o->in_header[0], o->in_header[1]));
	ok(fdt_finish_reservemap(buffer));
	ok(fdt_begin_node(buffer, ""));
	ok(fdt_property_u32(buffer, "#address-cells", 2));
	ok(fdt_property_u32(buffer, "#size-cells", 2));
	memory(buffer, &o->ram[0]);
	memory(buffer, &o->ram[2]);
	reserved_memory(buffer, o->reserved);
	gic(buffer, o->gic);
	devices(buffer, o);
	chosen(buffer, o);
	ok(fdt_end_node(buffer));
	ok(fdt_finish(buffer));
	return fdt_totalsize(buffer);
}
