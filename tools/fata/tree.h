/* SPDX-License-Identifier: ISC */
/*
 * Where things are: Fata's own tree, the application, the board, and the folder for what is built.
 *
 * An application inside the tree (apps/web) is built into the tree's build/, like make does; any
 * other into build/ in its own folder. What no application has for itself, such as C libraries, is
 * built once, into the tree's build/ if the tree is this user's own, else into ~/.cache/fata.
 * Strings live until the program ends.
 */
#ifndef TOOLS_FATA_TREE_H
#define TOOLS_FATA_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct tree {
	const char *root;
	bool is_own; /* built in by this user; an installed one is not */
};

struct app {
	const char *folder; /* absolute */
	const char *name;   /* the folder's name, which make calls APP */
	const char *build;  /* absolute */
	bool is_in_tree;
};

/*
 * The tree: $FATA_ROOT; else the folder that this program was installed with; else share/fata
 * beside the folder of this executable; else two levels above it. False after a message.
 */
MUST_USE bool tree_find(struct tree *tree);

/* The application in `folder`, which must hold a config.c. False after a message. */
MUST_USE bool app_find(struct app *app, const struct tree *tree, const char *folder);

/* Where C libraries for the boards are built, and what belongs to no application. */
const char *tree_toolchain(const struct tree *tree);
const char *tree_build(const struct tree *tree);

/* The names of all boards, sorted, ending with NULL. */
const char *const *tree_boards(const struct tree *tree);

/* `wanted`, else $FATA_BOARD, else virt-aarch64. NULL, after a message, if there is no such board.
 */
const char *board_choose(const struct tree *tree, const char *wanted);

/* The folder of an image and its files: BUILD/BOARD/APP. */
const char *app_output(const struct app *app, const char *board);

#endif
