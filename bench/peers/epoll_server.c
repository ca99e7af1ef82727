/* SPDX-License-Identifier: ISC */
/*
 * The peer of the benchmarks: what a careful C programmer writes on Linux for the same job. One
 * thread, level-triggered epoll, non-blocking sockets, a response prepared once.
 *
 *     epoll_server ADDRESS PAGE HTTP-PORT DISCARD-PORT CHARGEN-PORT
 *
 * HTTP answers every request that ends in an empty line with the page, honouring keep-alive,
 * "Connection: close" and pipelining. If PAGE is a folder, it serves the files in it, each opened
 * for each request, by sendfile(). It ends when it is told to by a signal.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum service { HTTP, DISCARD, CHARGEN };

enum {
	REQUEST_BYTES_MAX = 4096,
	CONNECTIONS_MAX = 4096,
	BULK_BYTES = 256 * 1024,
	HEADER_BYTES_MAX = 256,
};

struct conn {
	enum service service;
	bool listener, closing;
	size_t in_bytes;  /* of a request not yet complete */
	size_t owed;      /* responses not yet begun */
	size_t out_bytes; /* of the response being sent, or of its header, already sent */
	bool answering;   /* with a file */
	bool blocked;     /* until there is room */
	int file;
	size_t left; /* of it to be sent */
	size_t header_bytes;
	char header[HEADER_BYTES_MAX];
	char in[REQUEST_BYTES_MAX];
};

static struct conn *conns[CONNECTIONS_MAX];
static char *response, bulk[BULK_BYTES];
static size_t response_bytes;
static int epoll, folder = -1;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void watch(int fd, int op, uint32_t events)
{
	struct epoll_event e = {.events = events, .data.fd = fd};
	if (epoll_ctl(epoll, op, fd, &e) != 0)
		die("epoll_ctl");
}

static void listen_on(const char *address, const char *port, enum service service)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	inet_pton(AF_INET, address, &at.sin_addr);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || fd >= CONNECTIONS_MAX || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, 1024) != 0)
		die(port);
	conns[fd] = calloc(1, sizeof(struct conn));
	conns[fd]->service = service;
	conns[fd]->listener = true;
	watch(fd, EPOLL_CTL_ADD, EPOLLIN);
}

static void end(int fd)
{
	close(fd);
	if (conns[fd]->answering)
		close(conns[fd]->file);
	free(conns[fd]);
	conns[fd] = NULL;
}

static void accept_all(int listener)
{
	int fd, one = 1;
	while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
		if (fd >= CONNECTIONS_MAX) {
			close(fd);
			continue;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		conns[fd] = calloc(1, sizeof(struct conn));
		conns[fd]->service = conns[listener]->service;
		watch(fd, EPOLL_CTL_ADD,
		      conns[fd]->service == CHARGEN ? EPOLLIN | EPOLLOUT : EPOLLIN);
	}
}

/* Finds complete requests in what has arrived and notes how many responses are owed. */
static void parse(struct conn *c)
{
	char *end_of_request;
	size_t used = 0;
	while ((end_of_request = memmem(c->in + used, c->in_bytes - used, "\r\n\r\n", 4)) != NULL) {
		*end_of_request = '\0';
		if (strcasestr(c->in + used, "\r\nConnection: close") != NULL)
			c->closing = true;
		used = (size_t)(end_of_request - c->in) + 4;
		c->owed++;
	}
	memmove(c->in, c->in + used, c->in_bytes - used);
	c->in_bytes -= used;
}

/* False when the connection is over. */
static bool send_owed(int fd, struct conn *c)
{
	while (c->owed > 0) {
		ssize_t n = send(fd, response + c->out_bytes, response_bytes - c->out_bytes,
				 MSG_NOSIGNAL);
		if (n < 0) {
			if (errno != EAGAIN)
				return false;
			watch(fd, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
			return true;
		}
		c->out_bytes += (size_t)n;
		if (c->out_bytes == response_bytes) {
			c->out_bytes = 0;
			c->owed--;
		}
	}
	return !c->closing;
}

/* --- files of a folder ------------------------------------------------------------------------ */

/* Of a file that cannot be had there is a length, 0. */
static void begin_file(struct conn *c, const char *request)
{
	char path[REQUEST_BYTES_MAX];
	struct stat st = {0};

	if (sscanf(request, "GET /%4000[^ ?]", path) != 1)
		strcpy(path, "index.html");
	c->file = openat(folder, path, O_RDONLY);
	bool found = c->file >= 0 && fstat(c->file, &st) == 0 && S_ISREG(st.st_mode);
	c->left = found ? (size_t)st.st_size : 0;
	c->header_bytes =
		(size_t)snprintf(c->header, sizeof(c->header),
				 "HTTP/1.1 %s\r\nContent-Type: application/octet-stream\r\n"
				 "Content-Length: %zu\r\nETag: \"%llx-%llx\"\r\n\r\n",
				 found ? "200 OK" : "404 Not Found", c->left,
				 (unsigned long long)st.st_mtime, (unsigned long long)st.st_size);
	c->out_bytes = 0;
	c->answering = true;
}

/* Takes the first request of what has arrived; false: there is none yet. */
static bool take_request(struct conn *c)
{
	char *end_of_request = memmem(c->in, c->in_bytes, "\r\n\r\n", 4);

	if (end_of_request == NULL)
		return false;
	*end_of_request = '\0';
	if (strcasestr(c->in, "\r\nConnection: close") != NULL)
		c->closing = true;
	begin_file(c, c->in);
	size_t used = (size_t)(end_of_request - c->in) + 4;
	memmove(c->in, c->in + used, c->in_bytes - used + 1);
	c->in_bytes -= used;
	return true;
}

/* Less than 0: errno says why, and EAGAIN that there is no room. */
static ssize_t send_some(int fd, struct conn *c)
{
	ssize_t n;

	if (c->out_bytes < c->header_bytes) {
		n = send(fd, c->header + c->out_bytes, c->header_bytes - c->out_bytes,
			 MSG_NOSIGNAL | (c->left > 0 ? MSG_MORE : 0));
		c->out_bytes += n > 0 ? (size_t)n : 0;
	} else {
		n = sendfile(fd, c->file, NULL, c->left);
		c->left -= n > 0 ? (size_t)n : 0;
		errno = n == 0 ? EIO : errno; /* it has become shorter */
		n = n == 0 ? -1 : n;
	}
	return n;
}

/* False when the connection is over. */
static bool send_files(int fd, struct conn *c)
{
	while (c->answering || (!c->closing && take_request(c))) {
		while (c->out_bytes < c->header_bytes || c->left > 0) {
			if (send_some(fd, c) >= 0)
				continue;
			if (errno != EAGAIN)
				return false;
			if (!c->blocked)
				watch(fd, EPOLL_CTL_MOD, EPOLLOUT);
			c->blocked = true;
			return true;
		}
		close(c->file);
		c->answering = false;
	}
	if (c->blocked)
		watch(fd, EPOLL_CTL_MOD, EPOLLIN);
	c->blocked = false;
	return !c->closing;
}

/* --- services --------------------------------------------------------------------------------- */

static bool serve_http(int fd, struct conn *c)
{
	if (c->answering)
		return send_files(fd, c);
	ssize_t n = recv(fd, c->in + c->in_bytes, sizeof(c->in) - 1 - c->in_bytes, 0);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		return false;
	if (n > 0) {
		c->in_bytes += (size_t)n;
		c->in[c->in_bytes] = '\0';
		if (folder < 0)
			parse(c);
		if (c->in_bytes == sizeof(c->in) - 1)
			return false;
	}
	return folder < 0 ? send_owed(fd, c) : send_files(fd, c);
}

static bool serve(int fd, struct conn *c)
{
	static char sink[BULK_BYTES];
	ssize_t n = 0;
	if (c->service == HTTP)
		return serve_http(fd, c);
	if (c->service == DISCARD)
		n = recv(fd, sink, sizeof(sink), 0);
	else
		n = send(fd, bulk, sizeof(bulk), MSG_NOSIGNAL);
	return n > 0 || (n < 0 && errno == EAGAIN);
}

static void prepare_response(const char *path)
{
	FILE *f = fopen(path, "rb");
	char header[256];
	if (f == NULL)
		die(path);
	fseek(f, 0, SEEK_END);
	long size = ftell(f);
	rewind(f);
	int n = snprintf(header, sizeof(header),
			 "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
			 "Content-Length: %ld\r\nETag: \"0123456789abcdef\"\r\n\r\n",
			 size);
	response_bytes = (size_t)n + (size_t)size;
	response = malloc(response_bytes);
	memcpy(response, header, (size_t)n);
	if (fread(response + n, 1, (size_t)size, f) != (size_t)size)
		die(path);
	fclose(f);
}

int main(int argc, char **argv)
{
	struct epoll_event events[256];
	if (argc != 6) {
		fprintf(stderr, "usage: %s ADDRESS PAGE HTTP DISCARD CHARGEN\n", argv[0]);
		return 64;
	}
	folder = open(argv[2], O_RDONLY | O_DIRECTORY);
	if (folder < 0)
		prepare_response(argv[2]);
	memset(bulk, 'x', sizeof(bulk));
	epoll = epoll_create1(0);
	listen_on(argv[1], argv[3], HTTP);
	listen_on(argv[1], argv[4], DISCARD);
	listen_on(argv[1], argv[5], CHARGEN);
	for (;;) {
		int n = epoll_wait(epoll, events, 256, -1);
		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd;
			if (conns[fd] == NULL)
				continue;
			if (conns[fd]->listener)
				accept_all(fd);
			else if (!serve(fd, conns[fd]))
				end(fd);
		}
	}
}
