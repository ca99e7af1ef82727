/* SPDX-License-Identifier: ISC */
#include "tools/fata/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/fata/fata.h"

extern char **environ;

enum { OUTPUT_BYTES_MAX = 16 << 20 };

static int cannot_start(const char *program, int error)
{
	if (error == ENOENT) {
		complain("%s is not installed, or not in PATH", program);
		return STATUS_NOT_FOUND;
	}
	complain("%s could not be started: %s", program, strerror(error));
	return STATUS_FAILED;
}

int process_become(char *const argv[])
{
	fflush(NULL);
	execvp(argv[0], argv);
	return cannot_start(argv[0], errno);
}

/* Starts it with these as stdin and stdout (-1: ours). 0 or an errno. */
static int start(char *const argv[], int in, int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t defaults;

	fflush(NULL);
	posix_spawn_file_actions_init(&actions);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	if (out >= 0)
		posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawnattr_init(&attributes);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGINT);
	sigaddset(&defaults, SIGQUIT);
	posix_spawnattr_setsigdefault(&attributes, &defaults);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	int error = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return STATUS_FAILED;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int process_run(char *const argv[])
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, interrupt, quit;
	pid_t pid;

	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	int error = start(argv, -1, -1, &pid);
	int status = error == 0 ? wait_for(pid) : 0;
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	if (error != 0)
		return cannot_start(argv[0], error);
	if (status == 128 + SIGINT)
		raise(SIGINT);
	return status;
}

/* A file without a name that holds `text`, at its beginning; -1 if there is no room for it. */
static int file_of(const char *text)
{
	FILE *f = tmpfile();
	if (f == NULL)
		return -1;
	fputs(text, f);
	int fd = fflush(f) == 0 ? dup(fileno(f)) : -1;
	fclose(f);
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

static char *read_pipe(int fd)
{
	size_t room = 4096, size = 0;
	char *text = allocate(room);
	char excess[4096];

	for (;;) {
		bool full = size + 1 >= OUTPUT_BYTES_MAX;
		ssize_t n = full ? read(fd, excess, sizeof(excess))
				 : read(fd, text + size, room - size - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		if (full)
			continue;
		size += (size_t)n;
		if (size + 1 == room && room < OUTPUT_BYTES_MAX)
			text = reallocate(text, room *= 2, 1);
	}
	text[size] = '\0';
	return text;
}

int process_read(char *const argv[], const char *input, char **output)
{
	int ends[2];
	pid_t pid;

	*output = duplicate("");
	int in = input != NULL ? file_of(input) : open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (in < 0 || pipe2(ends, O_CLOEXEC) != 0) {
		complain("%s could not be started: %s", argv[0], strerror(errno));
		if (in >= 0)
			close(in);
		return STATUS_FAILED;
	}
	int error = start(argv, in, ends[1], &pid);
	close(in);
	close(ends[1]);
	if (error == 0) {
		free(*output);
		*output = read_pipe(ends[0]);
	}
	close(ends[0]);
	return error == 0 ? wait_for(pid) : cannot_start(argv[0], error);
}

const char *process_python(void)
{
	const char *python = getenv("PYTHON");
	return python != NULL && python[0] != '\0' ? python : "/usr/bin/python3";
}

bool process_exists(const char *name)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/') != NULL)
		return access(name, X_OK) == 0;
	while (path != NULL) {
		size_t len = strcspn(path, ":");
		char *file = text_of("%.*s/%s", (int)len, len > 0 ? path : ".", name);
		bool found = access(file, X_OK) == 0;
		free(file);
		if (found)
			return true;
		path = path[len] != '\0' ? path + len + 1 : NULL;
	}
	return false;
}
