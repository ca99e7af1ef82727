/* SPDX-License-Identifier: ISC */
/*
 * Inside arch/host only.
 */
#ifndef ARCH_HOST_HOST_H
#define ARCH_HOST_HOST_H

/* Turns fatal signals into faults, and SIGINT and SIGTERM into an orderly end. Once, first. */
void host_catch_signals(void);

#endif
