/* SPDX-License-Identifier: ISC */
/*
 * fata configure, build, test and clean.
 */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/fata/fata.h"
#include "tools/fata/file.h"
#include "tools/fata/make.h"
#include "tools/fata/process.h"
#include "tools/fata/words.h"

/* --- configure ----------------------------------------------------------------------------------
 */

static const char configure_help[] =
	"Usage: fata configure [OPTION]... [--KEY=VALUE]... [-- --KEY=VALUE...]\n"
	"\n"
	"Runs config.c, checks what it describes for the board, and writes main.c and its\n"
	"companions to build/BOARD/APP/. A KEY of config.c gets another initial value; 'fata\n"
	"keys' lists them. They hold until the next 'fata configure' for that board.\n"
	"\n" MAKE_OPTIONS_HELP "\n"
	"Behind --, every word is a setting: for keys that are called like an option.\n";

/* The long option of ours that `word` is, exactly; NULL: it is a setting, or no option. */
static const struct option *own_option(const char *word, const struct option *options)
{
	size_t len = strcspn(word + 2, "=");

	for (; options->name != NULL; options++) {
		if (strlen(options->name) == len && strncmp(options->name, word + 2, len) == 0)
			return options;
	}
	return NULL;
}

/*
 * Moves the settings behind the options: returns where they begin, with "--" taken away. A long
 * option that is not ours is a setting; the word after an option that wants one belongs to it.
 */
static int part_settings(int argc, char **argv, const struct option *options)
{
	char **settings = allocate(((size_t)argc + 1) * sizeof(*settings));
	int kept = 1, count = 0, i = 1;

	for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const struct option *o = NULL;
		bool is_long = strncmp(argv[i], "--", 2) == 0;
		if (is_long && (o = own_option(argv[i], options)) == NULL) {
			settings[count++] = argv[i];
			continue;
		}
		bool is_short = !is_long && argv[i][0] == '-' && argv[i][1] != '\0' &&
				argv[i][2] == '\0' && strchr("bCj", argv[i][1]) != NULL;
		bool wants_more = is_short || (o != NULL && o->has_arg == required_argument &&
					       strchr(argv[i], '=') == NULL);
		argv[kept++] = argv[i];
		if (wants_more && i + 1 < argc)
			argv[kept++] = argv[++i];
	}
	for (i++; i < argc; i++)
		settings[count++] = argv[i];
	memcpy(argv + kept, settings, (size_t)count * sizeof(*settings));
	argv[kept + count] = NULL;
	free(settings);
	return kept;
}

/* The settings as words for the shell that make calls. */
static char *quote_settings(char *const settings[])
{
	char *text = duplicate("");
	for (; *settings != NULL; settings++) {
		char *word = word_quote(*settings);
		char *longer = text_of("%s%s%s", text, text[0] != '\0' ? " " : "", word);
		free(word);
		free(text);
		text = longer;
	}
	return text;
}

int configure_main(int argc, char **argv)
{
	static const struct option options[] = {MAKE_LONG_OPTIONS, {0}};
	struct make m;

	int own = part_settings(argc, argv, options);
	char **settings = argv + own;
	for (char **s = settings; *s != NULL; s++) {
		if (strncmp(*s, "--", 2) != 0 || (*s)[2] == '\0')
			return complain_usage("%s: a setting begins with --, as in --port=8080",
					      *s);
		if (strchr(*s, '\n') != NULL)
			return complain_usage("a setting cannot hold a line feed");
	}
	char *first = *settings;
	*settings = NULL;
	int status = make_options(&m, own, argv, configure_help);
	*settings = first;
	if (status >= 0)
		return status;
	status = make_prepare(&m, "configure", false);
	if (status != STATUS_OK)
		return status;
	char *keys = quote_settings(settings);
	make_set(&m, "KEYS", keys);
	status = process_run(m.words);
	if (status == STATUS_OK)
		status = make_keep_settings(&m, keys);
	free(keys);
	return status;
}

/* --- build --------------------------------------------------------------------------------------
 */

static const char build_help[] =
	"Usage: fata build [OPTION]...\n"
	"\n"
	"Configures the application if config.c has changed, and builds its image:\n"
	"build/BOARD/APP/APP.elf, and .img for boards that start one.\n"
	"\n" MAKE_OPTIONS_HELP;

int build_main(int argc, char **argv)
{
	struct make m;

	int status = make_options(&m, argc, argv, build_help);
	if (status >= 0)
		return status;
	status = make_prepare(&m, "all", false);
	return status == STATUS_OK ? process_become(m.words) : status;
}

/* --- test ---------------------------------------------------------------------------------------
 */

static const char test_help[] =
	"Usage: fata test [OPTION]... [-- WORD...]\n"
	"\n"
	"Builds the image and runs the application's test: the program 'test' in its folder or,\n"
	"without one, pytest on its test_*.py. WORDs are handed to it. It runs in the\n"
	"application's folder and finds these in its environment:\n"
	"\n"
	"  FATA         this program: \"$FATA\" run -- --key=value\n"
	"  FATA_BOARD   the board\n"
	"  FATA_IMAGE   the image, APP.elf\n"
	"\n"
	"The exit status is the test's.\n"
	"\n" MAKE_OPTIONS_HELP;

static bool any_file(const char *folder, const char *pattern)
{
	char *path = text_of("%s/%s", folder, pattern);
	glob_t found;
	bool any = glob(path, 0, NULL, &found) == 0;

	if (any)
		globfree(&found);
	free(path);
	return any;
}

/* The command of the test, without its words; NULL after a message. */
static const char *const *test_command(const struct app *app)
{
	static const char *const own[] = {"./test", NULL};
	static const char *pytest[] = {NULL, "-m", "pytest", "-q", NULL};
	char *program = text_of("%s/test", app->folder);

	if (file_exists(program)) {
		bool is_executable = access(program, X_OK) == 0;
		if (!is_executable)
			complain("%s cannot be executed; chmod +x %s", program, program);
		free(program);
		return is_executable ? own : NULL;
	}
	free(program);
	if (any_file(app->folder, "test_*.py")) {
		pytest[0] = process_python();
		return pytest;
	}
	complain("there is no test in %s: neither an executable 'test' nor a test_*.py",
		 app->folder);
	return NULL;
}

static int run_test(const struct make *m, char *const words[], int count)
{
	const char *const *command = test_command(&m->app);
	size_t n = 0;

	if (command == NULL)
		return STATUS_FAILED;
	while (command[n] != NULL)
		n++;
	char **all = allocate((n + (size_t)count + 1) * sizeof(*all));
	for (size_t i = 0; i < n; i++)
		all[i] = duplicate(command[i]);
	memcpy(all + n, words, (size_t)count * sizeof(*all));
	char *self = realpath("/proc/self/exe", NULL);
	char *image = text_of("%s/%s.elf", app_output(&m->app, m->board), m->app.name);
	setenv("FATA", self != NULL ? self : "fata", 1);
	setenv("FATA_BOARD", m->board, 1);
	setenv("FATA_IMAGE", image, 1);
	if (chdir(m->app.folder) != 0) {
		complain("%s: %s", m->app.folder, strerror(errno));
		return STATUS_FAILED;
	}
	return process_become(all);
}

int test_main(int argc, char **argv)
{
	static const struct option options[] = {MAKE_LONG_OPTIONS, {0}};
	struct make m = {0};
	int option;

	while ((option = getopt_long(argc, argv, "+" MAKE_SHORT_OPTIONS, options, NULL)) != -1) {
		int status = make_option(&m, option, argc, argv, options, test_help);
		if (status >= 0)
			return status;
	}
	if (optind < argc && strcmp(argv[optind - 1], "--") != 0)
		return complain_usage("%s: unexpected word; words for the test stand behind --",
				      argv[optind]);
	int status = make_prepare(&m, "all", false);
	if (status == STATUS_OK)
		status = process_run(m.words);
	return status == STATUS_OK ? run_test(&m, argv + optind, argc - optind) : status;
}

/* --- clean --------------------------------------------------------------------------------------
 */

static const char clean_help[] =
	"Usage: fata clean [OPTION]...\n"
	"\n"
	"Removes what was built for the application, for all boards: its folder build/.\n"
	"Of an application in Fata's own tree it removes build/*/APP.\n"
	"\n"
	"  -C, --directory=DIR   the application's folder (default: the current one)\n"
	"  -h, --help            show this help\n";

static int remove_outputs(const struct app *app)
{
	char *pattern = app->is_in_tree ? text_of("%s/*/%s", app->build, app->name)
					: duplicate(app->build);
	glob_t found;

	if (glob(pattern, 0, NULL, &found) != 0)
		return STATUS_OK; /* nothing there */
	const char *const rm[] = {"rm", "-rf", "--"};
	char **words = allocate((ARRAY_SIZE(rm) + found.gl_pathc + 1) * sizeof(*words));
	for (size_t i = 0; i < ARRAY_SIZE(rm); i++)
		words[i] = duplicate(rm[i]);
	memcpy(words + ARRAY_SIZE(rm), found.gl_pathv, found.gl_pathc * sizeof(*words));
	return process_become(words);
}

int clean_main(int argc, char **argv)
{
	struct make m;
	int status = make_options(&m, argc, argv, clean_help);

	if (status >= 0)
		return status;
	if (!tree_find(&m.tree) || !app_find(&m.app, &m.tree, m.folder != NULL ? m.folder : "."))
		return STATUS_FAILED;
	return remove_outputs(&m.app);
}
