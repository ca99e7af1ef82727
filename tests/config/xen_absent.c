/* SPDX-License-Identifier: ISC */
/*
 * Stands in for the hypervisor while xl(1) reads a configuration without starting a guest
 * (xl create -n). xl opens the hypervisor and asks for its version and memory before it parses;
 * preloaded, these functions answer instead. What parses is Xen's own.
 */
#include <stddef.h>
#include <stdlib.h>

void *xc_interface_open(void *logger, void *dom0_logger, unsigned flags);
int xc_interface_close(void *interface);
int xc_get_max_cpus(void *interface);
void *xs_open(unsigned long flags);
void xs_close(void *store);
const void *libxl_get_version_info(void *context);
int libxl_get_physinfo(void *context, void *info);
void libxl_physinfo_init(void *info);

enum { OPAQUE_BYTES = 65536, CPUS = 8, PAGE_BYTES = 4096 };

/* As libxl.h has it in 4.17. */
struct version_info {
	int major, minor;
	const char *extra, *compiler, *compile_by, *compile_domain, *compile_date, *capabilities,
		*changeset;
	unsigned long virtual_start;
	int page_bytes;
	const char *command_line, *build_id;
};

void *xc_interface_open(void *logger, void *dom0_logger, unsigned flags)
{
	(void)logger;
	(void)dom0_logger;
	(void)flags;
	return calloc(1, OPAQUE_BYTES);
}

int xc_interface_close(void *interface)
{
	(void)interface;
	return 0;
}

int xc_get_max_cpus(void *interface)
{
	(void)interface;
	return CPUS;
}

void *xs_open(unsigned long flags)
{
	(void)flags;
	return calloc(1, OPAQUE_BYTES);
}

void xs_close(void *store)
{
	(void)store;
}

const void *libxl_get_version_info(void *context)
{
	static const struct version_info info = {.major = 4,
						 .minor = 17,
						 .extra = ".0",
						 .compiler = "cc",
						 .compile_by = "",
						 .compile_domain = "",
						 .compile_date = "",
						 .capabilities = "xen-3.0-x86_64 hvm-3.0-x86_64",
						 .changeset = "",
						 .page_bytes = PAGE_BYTES,
						 .command_line = "",
						 .build_id = ""};

	(void)context;
	return &info;
}

int libxl_get_physinfo(void *context, void *info)
{
	(void)context;
	libxl_physinfo_init(info);
	return 0;
}
