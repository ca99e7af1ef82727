/* SPDX-License-Identifier: ISC */
/*
 * For main() only; what all use of message.c is in fata.h.
 */
#ifndef TOOLS_FATA_MESSAGE_H
#define TOOLS_FATA_MESSAGE_H

/* The subcommand that messages name from now on; NULL: none. */
void message_set_command(const char *name);

#endif
