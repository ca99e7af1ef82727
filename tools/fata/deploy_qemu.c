/* SPDX-License-Identifier: ISC */
/*
 * --format=qemu: a shell script that boots the image, found relative to the script's folder.
 */
#include <stdlib.h>

#include "tools/fata/deploy.h"

static const char *refuse(const struct deployment *d)
{
	if (deploy_is_process(d))
		return "its image is a process of Linux, which needs no QEMU; systemd fits";
	return NULL;
}

/* The way from folder `from` to `to`, both absolute and without links. A new string. */
static char *relative_path(const char *from, const char *to)
{
	struct text t = {0};
	size_t common = 0; /* the last '/' of `to` up to which both are the same folder */

	for (size_t i = 0;; i++) {
		if ((from[i] == '/' || from[i] == '\0') && to[i] == '/')
			common = i;
		if (from[i] != to[i] || from[i] == '\0')
			break;
	}
	for (const char *at = from + common; *at != '\0'; at++) {
		if (at[0] == '/' && at[1] != '\0')
			text_add(&t, "../");
	}
	text_add(&t, "%s", to + common + 1);
	return t.chars;
}

static void add_kernel(struct text *out, const struct deployment *d)
{
	if (d->folder == NULL) {
		text_shell(out, d->kernel);
		return;
	}
	char *path = relative_path(d->folder, d->kernel);
	text_add(out, "\"$here\"/");
	text_shell(out, path);
	free(path);
}

/* The program is in $qemu already. */
static void add_command(struct text *out, const struct deployment *d, const struct command *c)
{
	text_add(out, "\"$qemu\"");
	for (size_t i = 1; i < c->count; i++) {
		const struct command_word *w = &c->words[i];
		text_add(out, w->begins_option ? " \\\n\t" : " ");
		if (w->is_kernel)
			add_kernel(out, d);
		else
			text_shell(out, w->text);
	}
	text_add(out, " \\\n\t\"$@\"");
}

/*
 * QEMU's isa-debug-exit ends with twice the image's status and one. The script stays to undo that,
 * so it hands signals on, and keeps stdin, which the shell takes from what runs in the background.
 */
static void add_waiting(struct text *out)
{
	text_add(out, " <&3 &\n"
		      "pid=$!\n"
		      "trap 'kill \"$pid\" 2> /dev/null' HUP INT TERM\n"
		      "while :; do\n"
		      "\tstatus=0\n"
		      "\twait \"$pid\" || status=$?\n"
		      "\tkill -0 \"$pid\" 2> /dev/null || break\n"
		      "done\n"
		      "[ $((status %% 2)) = 0 ] || status=$((status / 2))\n"
		      "exit \"$status\"\n");
}

static void write(const struct deployment *d, struct text *out)
{
	bool is_odd = d->manifest->machine.exit_is_odd;
	struct command c;

	command_of_qemu(&c, d);
	text_add(
		out,
		"#!/bin/sh\n"
		"# Boots a Fata image in QEMU. Written by fata deploy, which will overwrite changes.\n"
		"# Further arguments go to QEMU. The exit status is the image's.\n"
		"set -eu\n"
		"qemu=");
	text_shell(out, c.words[0].text);
	text_add(
		out,
		"\ncommand -v \"$qemu\" > /dev/null || { echo \"$0 needs $qemu\" >&2; exit 127; }\n");
	if (d->folder != NULL)
		text_add(out, "here=$(CDPATH= cd -P -- \"$(dirname -- \"$0\")\" && pwd)\n");
	text_add(out, is_odd ? "exec 3<&0\n\n" : "\nexec ");
	add_command(out, d, &c);
	if (is_odd)
		add_waiting(out);
	else
		text_add(out, "\n");
	command_free(&c);
}

const struct deploy_format deploy_qemu = {
	.name = "qemu",
	.about = "a shell script that boots the image in QEMU",
	.next = "Start it: sh %",
	.refuse = refuse,
	.write = write,
	.is_executable = true,
	.publishes = true,
};
