/* SPDX-License-Identifier: ISC */
/*
 * libfdt for the build machine, with what builds trees besides what reads them.
 */
#include <fdt.c>
#include <fdt_addresses.c>
#include <fdt_ro.c>
#include <fdt_strerror.c>
#include <fdt_sw.c>
#include <fdt_wip.c>
