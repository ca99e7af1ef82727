/* SPDX-License-Identifier: ISC */
/* Boards that only tests have. */
#ifndef TESTS_CONFIG_BOARDS_CFG_H
#define TESTS_CONFIG_BOARDS_CFG_H

#include <fata/module.h>

FATA_BOARD(alpha, .name = "alpha", .arch = "small", .about = "a board with little on it",
	   .devices = {{"timer", 1}, {"netif", 1}}, .ram_bytes = 1 << 20)

FATA_BOARD(beta, .name = "beta", .arch = "large", .about = "a board with much on it",
	   .devices = {{"timer", 1}, {"netif", 4}, {"clock", 1}, {"block", 2}},
	   .ram_bytes = 64 << 20)

FATA_BOARD(gamma, .name = "gamma", .arch = "large", .about = "a board in between",
	   .devices = {{"timer", 1}, {"netif", 2}, {"clock", 1}}, .ram_bytes = 16 << 20)

#endif
