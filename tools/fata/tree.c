/* SPDX-License-Identifier: ISC */
#include "tools/fata/tree.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/fata/fata.h"
#include "tools/fata/file.h"

#define DEFAULT_BOARD "virt-aarch64"

/* `make install` leaves this in the copy of the tree that it makes, which is nobody's to build in.
 */
#define INSTALLED "INSTALLED"

static bool is_tree(const char *folder)
{
	char *makefile = text_of("%s/Makefile", folder);
	char *rules = text_of("%s/tools/mk/build.mk", folder);
	bool is = file_exists(makefile) && file_exists(rules);

	free(rules);
	free(makefile);
	return is;
}

/* Takes `folder`, a string of its own, if the tree is there. */
static bool take(struct tree *tree, char *folder)
{
	char *real = is_tree(folder) ? realpath(folder, NULL) : NULL;

	free(folder);
	if (real == NULL)
		return false;
	char *mark = text_of("%s/" INSTALLED, real);
	*tree = (struct tree){.root = real};
	tree->is_own = access(real, W_OK) == 0 && !file_exists(mark);
	free(mark);
	return true;
}

static bool find_by_executable(struct tree *tree)
{
	char *self = realpath("/proc/self/exe", NULL);
	if (self == NULL)
		return false;
	char *folder = path_folder(self);
	bool found = take(tree, text_of("%s/../share/fata", folder)) ||
		     take(tree, text_of("%s/../..", folder));
	free(folder);
	free(self);
	return found;
}

bool tree_find(struct tree *tree)
{
	const char *named = getenv("FATA_ROOT");

	if (named != NULL && named[0] != '\0') {
		if (take(tree, duplicate(named)))
			return true;
		complain("FATA_ROOT=%s: Fata's sources are not there", named);
		return false;
	}
#ifdef FATA_SHARE
	if (take(tree, duplicate(FATA_SHARE)))
		return true;
#endif
	if (find_by_executable(tree))
		return true;
	complain("Fata's sources were not found. Set FATA_ROOT to their folder");
	return false;
}

/* A character of a path that make or its shell would take for something else; '\0' if none. */
static char odd_character(const char *path)
{
	for (; *path != '\0'; path++) {
		if ((unsigned char)*path <= ' ' || *path == 0x7f ||
		    strchr("#$%:;=&*?[]()<>|'\"`\\~", *path))
			return *path;
	}
	return '\0';
}

static bool is_usable(const char *folder)
{
	char c = odd_character(folder);
	if (c == ' ')
		complain("%s: make cannot build in a folder with a blank in its path", folder);
	else if (c > ' ' && c < 0x7f)
		complain("%s: make cannot build in a folder with '%c' in its path", folder, c);
	else if (c != '\0')
		complain("make cannot build in a folder with control characters in its path");
	return c == '\0';
}

static bool is_app(const char *folder)
{
	char *config = text_of("%s/config.c", folder);
	bool is = file_exists(config);

	if (!is)
		complain("there is no config.c in %s. Go to an application's folder, name it with "
			 "-C, or make one with 'fata new NAME'",
			 folder);
	free(config);
	return is;
}

bool app_find(struct app *app, const struct tree *tree, const char *folder)
{
	char *real = realpath(folder, NULL);
	if (real == NULL) {
		complain("%s: %s", folder, strerror(errno));
		return false;
	}
	if (!is_app(real) || !is_usable(real) || !is_usable(tree->root))
		return false;
	char *parent = path_folder(real), *apps = text_of("%s/apps", tree->root);
	*app = (struct app){.folder = real, .name = path_name(real)};
	app->is_in_tree = tree->is_own && strcmp(parent, apps) == 0;
	app->build = text_of("%s/build", app->is_in_tree ? tree->root : real);
	free(apps);
	free(parent);
	if (access(app->is_in_tree ? tree->root : real, W_OK) == 0 || access(app->build, W_OK) == 0)
		return true;
	complain("%s cannot be written, so nothing can be built there. Copy the application to a "
		 "folder of yours",
		 app->build);
	return false;
}

/* A new string: ~/.cache/fata. NULL if there is no home. */
static char *cache_folder(void)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache != NULL && cache[0] == '/')
		return text_of("%s/fata", cache);
	if (home != NULL && home[0] == '/')
		return text_of("%s/.cache/fata", home);
	return NULL;
}

const char *tree_build(const struct tree *tree)
{
	char *cache = tree->is_own ? NULL : cache_folder();
	return cache != NULL ? text_of("%s/build", cache) : text_of("%s/build", tree->root);
}

const char *tree_toolchain(const struct tree *tree)
{
	char *cache = tree->is_own ? NULL : cache_folder();
	return cache != NULL ? text_of("%s/toolchain", cache)
			     : text_of("%s/build/toolchain", tree->root);
}

const char *const *tree_boards(const struct tree *tree)
{
	char *pattern = text_of("%s/boards/*/board.mk", tree->root);
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0)
		found.gl_pathc = 0;
	const char **names = allocate((found.gl_pathc + 1) * sizeof(*names));
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *folder = path_folder(found.gl_pathv[i]);
		names[i] = duplicate(path_name(folder));
		free(folder);
	}
	if (found.gl_pathc > 0)
		globfree(&found);
	free(pattern);
	return names;
}

/* "a, b and c" */
static char *list_of(const char *const names[])
{
	char *text = duplicate("");
	for (size_t i = 0; names[i] != NULL; i++) {
		const char *before = i == 0 ? "" : names[i + 1] != NULL ? ", " : " and ";
		char *longer = text_of("%s%s%s", text, before, names[i]);
		free(text);
		text = longer;
	}
	return text;
}

const char *board_choose(const struct tree *tree, const char *wanted)
{
	const char *source = wanted != NULL ? "" : "FATA_BOARD=";
	const char *const *names = tree_boards(tree);

	if (wanted == NULL)
		wanted = getenv("FATA_BOARD");
	if (wanted == NULL || wanted[0] == '\0')
		return DEFAULT_BOARD;
	for (size_t i = 0; names[i] != NULL; i++) {
		if (strcmp(names[i], wanted) == 0)
			return wanted;
	}
	const char *meant = nearest(wanted, names);
	char *list = list_of(names);
	if (meant != NULL)
		complain("%s%s: there is no such board; did you mean %s?", source, wanted, meant);
	else
		complain("%s%s: there is no such board. The boards are %s", source, wanted, list);
	free(list);
	return NULL;
}

const char *app_output(const struct app *app, const char *board)
{
	const char *sanitize = getenv("SANITIZE");
	bool is_sanitized = sanitize != NULL && strcmp(sanitize, "1") == 0;

	return text_of("%s/%s%s/%s", app->build, board, is_sanitized ? "-sanitize" : "", app->name);
}
