/* SPDX-License-Identifier: ISC */
#include "tools/fata/make.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/fata/fata.h"
#include "tools/fata/file.h"

enum { JOBS_MAX = 999 };

static int take_jobs(struct make *m, const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || n < 1 || n > JOBS_MAX)
		return complain_usage("--jobs=%s: expected a number from 1 to %d", text, JOBS_MAX);
	m->jobs = text;
	return -1;
}

int make_option(struct make *m, int option, int argc, char **argv, const struct option *options,
		const char *help)
{
	switch (option) {
	case 'b':
		m->board = optarg;
		return -1;
	case 'C':
		m->folder = optarg;
		return -1;
	case 'j':
		return take_jobs(m, optarg);
	case 'v':
		m->is_verbose = true;
		return -1;
	case 'h':
		return print_help(help);
	default:
		return complain_option(argc, argv, option, options);
	}
}

int make_options(struct make *m, int argc, char **argv, const char *help)
{
	static const struct option options[] = {MAKE_LONG_OPTIONS, {0}};
	int option;

	*m = (struct make){0};
	while ((option = getopt_long(argc, argv, MAKE_SHORT_OPTIONS, options, NULL)) != -1) {
		int status = make_option(m, option, argc, argv, options, help);
		if (status >= 0)
			return status;
	}
	if (optind < argc)
		return complain_usage("%s: unexpected word", argv[optind]);
	return -1;
}

static void add(struct make *m, const char *word)
{
	m->words = reallocate(m->words, m->count + 2, sizeof(*m->words));
	m->words[m->count++] = duplicate(word);
	m->words[m->count] = NULL;
}

void make_set(struct make *m, const char *name, const char *value)
{
	size_t dollars = 0;
	for (const char *c = value; *c != '\0'; c++)
		dollars += *c == '$';
	char *word = allocate(strlen(name) + strlen(value) + dollars + 2);
	char *out = stpcpy(stpcpy(word, name), "=");
	for (const char *c = value; *c != '\0'; c++) {
		if (*c == '$')
			*out++ = '$';
		*out++ = *c;
	}
	add(m, word);
	free(word);
}

static void begin(struct make *m, const char *target)
{
	/* A make that called us has settings of its own, which are not for the tree's make. */
	if (getenv("MAKELEVEL") != NULL) {
		unsetenv("MAKELEVEL");
		unsetenv("MAKEFLAGS");
		unsetenv("MFLAGS");
	}
	add(m, "make");
	add(m, "-C");
	add(m, m->tree.root);
	add(m, "--no-print-directory");
	add(m, target);
}

static void add_jobs(struct make *m)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	char *word = m->jobs != NULL ? text_of("-j%s", m->jobs)
				     : text_of("-j%ld", processors > 0 ? processors : 1);
	add(m, word);
	free(word);
}

/* Where the settings of `fata configure` are kept. */
static char *settings_path(const struct make *m)
{
	return text_of("%s/fata-settings", app_output(&m->app, m->board));
}

static void use_settings(struct make *m)
{
	char *path = settings_path(m);
	struct file f;

	if (file_exists(path) && file_read(&f, path)) {
		char *text = (char *)f.bytes;
		text[strcspn(text, "\n")] = '\0';
		make_set(m, "KEYS", text);
		file_free(&f);
	}
	free(path);
}

int make_keep_settings(const struct make *m, const char *text)
{
	char *path = settings_path(m);
	bool good = true;

	if (text[0] == '\0') {
		unlink(path);
	} else {
		FILE *f = fopen(path, "we");
		good = f != NULL && fprintf(f, "%s\n", text) > 0;
		good = f != NULL && fclose(f) == 0 && good;
	}
	if (!good)
		complain("%s could not be written: %s", path, strerror(errno));
	free(path);
	return good ? STATUS_OK : STATUS_FAILED;
}

int make_prepare(struct make *m, const char *target, bool is_quiet)
{
	if (!tree_find(&m->tree))
		return STATUS_FAILED;
	m->board = board_choose(&m->tree, m->board);
	if (m->board == NULL)
		return STATUS_BAD_USAGE;
	if (!app_find(&m->app, &m->tree, m->folder != NULL ? m->folder : "."))
		return STATUS_FAILED;
	begin(m, target);
	add_jobs(m);
	if (is_quiet && !m->is_verbose)
		add(m, "-s");
	make_set(m, "BOARD", m->board);
	if (m->app.is_in_tree) {
		make_set(m, "APP", m->app.name);
	} else {
		make_set(m, "APP_DIR", m->app.folder);
		make_set(m, "BUILD", m->app.build);
		make_set(m, "TOOLCHAIN", tree_toolchain(&m->tree));
	}
	if (m->is_verbose)
		add(m, "V=1");
	if (strcmp(target, "configure") != 0)
		use_settings(m);
	return STATUS_OK;
}

int make_prepare_bare(struct make *m, const char *target)
{
	if (!tree_find(&m->tree))
		return STATUS_FAILED;
	begin(m, target);
	add(m, "-s");
	if (!m->tree.is_own)
		make_set(m, "BUILD", tree_build(&m->tree));
	return STATUS_OK;
}
