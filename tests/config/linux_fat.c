/* SPDX-License-Identifier: ISC */
/*
 * The only process of a Linux that reads and changes FAT volumes, for test_fat_linux.py. It does
 * what /script says, a command a line, words with tabs between, and prints what it finds the same
 * way:
 *
 *      mount SERIAL OPTIONS  the disk of that serial number, as vfat, where all names are from then
 *                            on; "mounted SERIAL"
 *      unmount               and the volume is no more in use
 *      tree                  "file PATH BYTES CRC32 MODIFIED", "folder PATH"
 *      space                 "space FREE ALL", in bytes
 *      put NAME VALUE        /VALUE of the initramfs becomes the file's content
 *      append NAME VALUE     is added to it
 *      truncate NAME BYTES   rename FROM TO   remove NAME   folder NAME   remove-folder NAME
 *      touch NAME SECONDS    protect NAME   sync
 *
 * What fails is "error LINE-OF-THE-SCRIPT TEXT". At the end come the kernel's messages about
 * volumes and disks, "log TEXT", then "done", and the machine is switched off.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { WORDS_MAX = 4, LINE_MAX_BYTES = 4096, PIECE_BYTES = 65536 };

/* Each returns 0, or -1 with errno. */
typedef int command(char **words);

static int load(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/modules/%s.ko", name);
	int fd = open(path, O_RDONLY);
	int e = fd < 0 ? -1 : (int)syscall(SYS_finit_module, fd, "", 0);
	if (e != 0)
		perror(path);
	close(fd);
	return e;
}

/* --- the disk of a serial number -------------------------------------------------------------- */

static int has_serial(const char *disk, const char *serial)
{
	char path[300], found[32] = "";

	snprintf(path, sizeof(path), "/sys/block/%s/serial", disk);
	int fd = open(path, O_RDONLY);
	ssize_t n = fd < 0 ? 0 : read(fd, found, sizeof(found) - 1);
	close(fd);
	return n > 0 && strcmp(strtok(found, "\n"), serial) == 0;
}

static int find_disk(const char *serial, char *device, size_t size)
{
	DIR *d = opendir("/sys/block");
	struct dirent *entry;
	int e = -1;

	while (d != NULL && e != 0 && (entry = readdir(d)) != NULL) {
		if (!has_serial(entry->d_name, serial))
			continue;
		snprintf(device, size, "/dev/%s", entry->d_name);
		e = 0;
	}
	if (d != NULL)
		closedir(d);
	errno = ENODEV;
	return e;
}

/* It is found a moment after the driver is loaded. */
static int mount_disk(char **words)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	char device[300];
	int e = -1;

	for (unsigned i = 0; i < 500 && e != 0; i++) {
		e = find_disk(words[1], device, sizeof(device));
		if (e != 0)
			nanosleep(&pause, NULL);
	}
	if (e == 0)
		e = mount(device, "/disk", "vfat", 0, words[2]);
	if (e == 0)
		printf("mounted\t%s\n", words[1]);
	return e == 0 ? chdir("/disk") : e;
}

static int unmount_disk(char **words)
{
	(void)words;
	return chdir("/") == 0 ? umount("/disk") : -1;
}

/* --- what is there ---------------------------------------------------------------------------- */

static uint32_t crc32_of(uint32_t crc, const uint8_t *bytes, size_t n)
{
	static uint32_t table[256];

	for (uint32_t i = 0; table[255] == 0 && i < 256; i++) {
		table[i] = i;
		for (unsigned bit = 0; bit < 8; bit++)
			table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320 : 0);
	}
	for (crc = ~crc; n > 0; n--)
		crc = crc >> 8 ^ table[(crc ^ *bytes++) & 0xff];
	return ~crc;
}

static int print_file(const char *path, const struct stat *st)
{
	static uint8_t bytes[PIECE_BYTES];
	int fd = open(path, O_RDONLY);
	uint32_t crc = 0;
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		crc = crc32_of(crc, bytes, (size_t)n);
	close(fd);
	printf("file\t%s\t%lld\t%u\t%lld\n", path, (long long)st->st_size, crc,
	       (long long)st->st_mtime);
	return n < 0 ? -1 : 0;
}

static int print_below(const char *folder)
{
	DIR *d = opendir(*folder != '\0' ? folder : ".");
	struct dirent *entry;
	int e = d != NULL ? 0 : -1;

	while (e == 0 && (entry = readdir(d)) != NULL) {
		char path[LINE_MAX_BYTES];
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s%s%s", folder, *folder != '\0' ? "/" : "",
			 entry->d_name);
		e = stat(path, &st);
		if (e == 0 && S_ISDIR(st.st_mode)) {
			printf("folder\t%s\n", path);
			e = print_below(path);
		} else if (e == 0) {
			e = print_file(path, &st);
		}
	}
	if (d != NULL)
		closedir(d);
	return e;
}

static int print_tree(char **words)
{
	(void)words;
	return print_below("");
}

static int print_space(char **words)
{
	struct statfs s;
	int e = statfs("/disk", &s);

	(void)words;
	if (e == 0)
		printf("space\t%llu\t%llu\n", (unsigned long long)s.f_bfree * (uint64_t)s.f_bsize,
		       (unsigned long long)s.f_blocks * (uint64_t)s.f_bsize);
	return e;
}

/* --- changes ---------------------------------------------------------------------------------- */

static int copy(const char *value, const char *name, int flags)
{
	static uint8_t bytes[PIECE_BYTES];
	char path[64];
	ssize_t n = -1;

	snprintf(path, sizeof(path), "/%s", value);
	int from = open(path, O_RDONLY), to = open(name, O_WRONLY | O_CREAT | flags, 0644);
	while (from >= 0 && to >= 0 && (n = read(from, bytes, sizeof(bytes))) > 0) {
		ssize_t done = write(to, bytes, (size_t)n);

		if (done != n) {
			errno = done < 0 ? errno : ENOSPC;
			n = -1;
			break;
		}
	}
	int e = errno;
	close(from);
	close(to);
	errno = e;
	return n == 0 ? 0 : -1;
}

static int put(char **words)
{
	return copy(words[2], words[1], O_TRUNC);
}

static int append(char **words)
{
	return copy(words[2], words[1], O_APPEND);
}

static int cut(char **words)
{
	return truncate(words[1], atoll(words[2]));
}

static int move(char **words)
{
	return rename(words[1], words[2]);
}

static int remove_file(char **words)
{
	return unlink(words[1]);
}

static int make_folder(char **words)
{
	return mkdir(words[1], 0755);
}

static int remove_folder(char **words)
{
	return rmdir(words[1]);
}

static int touch(char **words)
{
	struct timespec times[2] = {{.tv_sec = atoll(words[2])}, {.tv_sec = atoll(words[2])}};

	return utimensat(AT_FDCWD, words[1], times, 0);
}

static int protect(char **words)
{
	return chmod(words[1], 0555);
}

static int sync_all(char **words)
{
	(void)words;
	sync();
	return 0;
}

/* --- the script ------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	int words;
	command *run;
} commands[] = {
	{"mount", 3, mount_disk},
	{"unmount", 1, unmount_disk},
	{"tree", 1, print_tree},
	{"space", 1, print_space},
	{"put", 3, put},
	{"append", 3, append},
	{"truncate", 3, cut},
	{"rename", 3, move},
	{"remove", 2, remove_file},
	{"folder", 2, make_folder},
	{"remove-folder", 2, remove_folder},
	{"touch", 3, touch},
	{"protect", 2, protect},
	{"sync", 1, sync_all},
};

static int run(char *line)
{
	char *words[WORDS_MAX] = {NULL};
	int n = 0;

	line[strcspn(line, "\n")] = '\0';
	for (char *word; n < WORDS_MAX && (word = strsep(&line, "\t")) != NULL;)
		words[n++] = word;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(words[0], commands[i].name) == 0 && n == commands[i].words)
			return commands[i].run(words);
	}
	errno = ENOSYS;
	return -1;
}

static void run_script(void)
{
	FILE *f = fopen("/script", "r");
	char line[LINE_MAX_BYTES];

	for (unsigned n = 1; f != NULL && fgets(line, sizeof(line), f) != NULL; n++) {
		if (run(line) != 0)
			printf("error\t%u\t%s\n", n, strerror(errno));
	}
}

/* What the kernel has said of volumes and disks, and whatever it calls a warning. */
static void print_log(void)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	char record[8192];
	ssize_t n;

	while ((n = read(fd, record, sizeof(record) - 1)) > 0) {
		record[n] = '\0';
		char *text = strchr(record, ';');
		if (text == NULL)
			continue;
		text[strcspn(text, "\n")] = '\0';
		if (strstr(text, "FAT-fs") != NULL || strstr(text, "I/O error") != NULL ||
		    strstr(text, "Call Trace") != NULL)
			printf("log\t%s\n", text + 1);
	}
}

int main(void)
{
	static const char *const modules[] = {"virtio",     "virtio_ring", "virtio_mmio",
					      "virtio_blk", "nls_cp437",   "nls_ascii",
					      "fat",        "vfat"};

	mount("none", "/dev", "devtmpfs", 0, NULL);
	mount("none", "/sys", "sysfs", 0, NULL);
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
		load(modules[i]);
	run_script();
	print_log();
	printf("done\n");
	fflush(stdout);
	tcdrain(1); /* the last line has left the machine */
	reboot(RB_AUTOBOOT);
}
