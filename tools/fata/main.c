/* SPDX-License-Identifier: ISC */
/*
 * fata: the command with which applications are made, configured, built, run and looked at.
 */
#include <stdio.h>
#include <string.h>

#include "tools/fata/fata.h"
#include "tools/fata/message.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv); /* NULL: a heading of the help */
	const char *about;
};

static const struct command commands[] = {
	{"Applications", NULL, NULL},
	{"new", new_main, "make the folder of a new application"},
	{"configure", configure_main, "check config.c and write what it describes"},
	{"build", build_main, "build the image for a board"},
	{"run", run_main, "build the image, boot it and show its console"},
	{"test", test_main, "build the image and run the application's test"},
	{"debug", debug_main, "build the image and start it under gdb"},
	{"clean", clean_main, "remove what was built"},
	{"What there is", NULL, NULL},
	{"describe", describe_main, "show what the image is made of, as a tree or a graph"},
	{"keys", keys_main, "list the application's keys"},
	{"devices", devices_main, "list the devices that a config.c can name"},
	{"boards", boards_main, "list the boards"},
	{"Images", NULL, NULL},
	{"inspect", inspect_main, "show what an image holds"},
	{"args", args_main, "show or rewrite the boot arguments inside an image"},
	{"kv", kv_main, "read and write the settings in the image of a flash or disk"},
	{"symbolize", symbolize_main, "put source lines behind the backtraces of a log"},
	{"sdcard", sdcard_main, "write the memory card that the board starts from"},
	{"disk", disk_main, "write a disk with GRUB that a PC starts from"},
	{"flash", flash_main, "program the board's flash memory with OpenOCD"},
	{"deploy", deploy_main, "make what a board or hypervisor starts the image from"},
};

static int help(void)
{
	puts("Usage: fata COMMAND [OPTION]...\n"
	     "\n"
	     "Makes, builds, boots and inspects Fata applications: a folder with a config.c,\n"
	     "which becomes one bootable image.");
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const struct command *c = &commands[i];
		if (c->run != NULL)
			printf("  %-12s %s\n", c->name, c->about);
		else
			printf("\n%s\n", c->name);
	}
	puts("\n"
	     "'fata COMMAND --help' shows the options of a command; 'man fata' shows everything.\n"
	     "To begin: fata new hello, cd hello, fata run.\n"
	     "\n"
	     "Exit status: 0 all went well, 1 it could not be done, 2 make failed, 64 the command\n"
	     "line is wrong, 127 a program is missing; of run that of the image, of test that of\n"
	     "the test.");
	return end_output();
}

static int version(void)
{
	puts("fata " FATA_VERSION);
	return end_output();
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].run != NULL && strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

static int unknown(const char *word)
{
	const char *names[ARRAY_SIZE(commands) + 1];
	size_t n = 0;

	if (word[0] == '-')
		return complain_usage("%s: unknown option", word);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (commands[i].run != NULL)
			names[n++] = commands[i].name;
	}
	names[n] = NULL;
	const char *meant = nearest(word, names);
	if (meant != NULL)
		return complain_usage("there is no command '%s'; did you mean '%s'?", word, meant);
	return complain_usage("there is no command '%s'", word);
}

/* `fata help build` is `fata build --help`. */
static int help_of(int argc, char **argv)
{
	if (argc < 3)
		return help();
	const struct command *c = find(argv[2]);
	if (c == NULL)
		return unknown(argv[2]);
	char option[] = "--help";
	char *words[] = {argv[2], option, NULL};
	message_set_command(c->name);
	return c->run(2, words);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		return complain_usage("a command is missing, such as 'fata run'");
	const char *word = argv[1];
	if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
		return help();
	if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
		return version();
	if (strcmp(word, "help") == 0)
		return help_of(argc, argv);
	const struct command *c = find(word);
	if (c == NULL)
		return unknown(word);
	message_set_command(c->name);
	return c->run(argc - 1, argv + 1);
}
